package io.appdbs.rls;

import java.util.function.BooleanSupplier;

import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;

/**
 * What the connections of one database share.
 *
 * @param definition the database
 * @param contexts finds the current user
 * @param prefix sets the context
 * @param autoCommitPrefixed whether a statement outside of a transaction can carry the
 * prefix, as the start has found out
 */
record RlsDatabase(DatabaseDefinition definition, ContextSource contexts, ContextPrefix prefix,
		BooleanSupplier autoCommitPrefixed) {

	String name() {
		return this.definition.name();
	}

	RlsSettings settings() {
		return this.definition.settings().rls();
	}

}
