package io.appdbs.rls;

import java.util.function.Supplier;

import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one database share.
 *
 * @param definition the database
 * @param contexts finds the current user
 * @param server supplies what the start has found out about the server
 * @param local sets the context of one server
 * @param propagated sets the context of all nodes
 */
record RlsDatabase(DatabaseDefinition definition, ContextSource contexts, Supplier<RlsServer> server,
		ContextPrefix local, ContextPrefix propagated) {

	static RlsDatabase of(DatabaseDefinition definition, ContextSource contexts, Supplier<RlsServer> server) {
		RlsSettings settings = definition.settings().rls();
		Supplier<@Nullable String> sessionRole = () -> server.get().sessionRole();
		return new RlsDatabase(definition, contexts, server, new FunctionPrefix(settings, sessionRole),
				new PropagatedPrefix(settings, sessionRole));
	}

	String name() {
		return this.definition.name();
	}

	RlsSettings settings() {
		return this.definition.settings().rls();
	}

	ContextPrefix prefix() {
		return this.server.get().distributed() ? this.propagated : this.local;
	}

	boolean isAutoCommitPrefixed() {
		return this.server.get().autoCommitPrefixed();
	}

}
