package io.appdbs.mongo.privilege;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.privilege.LoginPrivileges;
import io.appdbs.engine.privilege.MongoGrantSyntax;
import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.privilege.PrivilegeRequest;
import io.appdbs.engine.privilege.TablePrivileges;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.privilege.PrivilegeEvaluation;
import io.appdbs.privilege.PrivilegeReporter;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.mongo.MongoMigrationSettings;
import io.appdbs.settings.security.VerificationMode;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that the login of the application has the privileges that it needs, and no
 * others.
 */
public final class MongoPrivilegeVerification implements MongoPreparation {

	/** The actions of which all on a collection are reported if it needs none. */
	private static final List<String> DATA = List.of("find", "insert", "update", "remove");

	private static final String MECHANISM = "authMechanism";

	private final MongoGrantSyntax syntax = new MongoGrantSyntax();

	private final PrivilegeReporter reporter = new PrivilegeReporter();

	@Override
	public String getName() {
		return PrivilegeReporter.NAME;
	}

	@Override
	public boolean isVerificationOfLogin() {
		return true;
	}

	/**
	 * Verifies the login. Without one, there is nothing to verify, unless the privileges
	 * have to be right.
	 */
	@Override
	public @Nullable Map<String, Object> prepare(Context context) {
		DatabaseDefinition definition = context.definition();
		VerificationMode mode = definition.settings().privileges().verify();
		if (mode == VerificationMode.OFF || EmbeddedServers.isEmbedded(String.valueOf(definition.settings().url()))
				|| (mode != VerificationMode.FAIL && !hasLogin(definition, context.details()))) {
			return null;
		}
		long begin = System.nanoTime();
		PrivilegeRequest request = new PrivilegeRequest(null, null, List.of(),
				!definition.settings().privileges().needed().isEmpty());
		LoginPrivileges login = read(context, request);
		List<PrivilegeFinding> findings = new PrivilegeEvaluation(definition, this.syntax, request).evaluate(login);
		return this.reporter.report(definition, context.details(), login, findings,
				Duration.ofNanos(System.nanoTime() - begin));
	}

	/**
	 * With a certificate or a token, the mechanism is the only sign of a login.
	 */
	private static boolean hasLogin(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		return definition.settings().applyCredentials(details).username() != null
				|| details.parameters().keySet().stream().anyMatch(MECHANISM::equalsIgnoreCase);
	}

	private LoginPrivileges read(Context context, PrivilegeRequest request) {
		DatabaseDefinition definition = context.definition();
		MongoDatabase database = context.database();
		ConnectionStatus status;
		try {
			status = ConnectionStatus
				.parse(database.runCommand(new Document("connectionStatus", 1).append("showPrivileges", true)));
		}
		catch (MongoCommandException ex) {
			return unread("could not be read. The server says: " + ex.getErrorMessage());
		}
		if (status.users().isEmpty() && !hasLogin(definition, context.details())) {
			return unread("cannot be read, since neither '%s' nor '%s' in the URL is set"
				.formatted(definition.key("username"), MECHANISM));
		}
		if (status.users().isEmpty() || status.roles().isEmpty()) {
			return unread("cannot be read on this server, which does not say which roles the login has");
		}
		if (status.privileges().isEmpty()) {
			// the roles of MongoDB are found by their names
			List<PrivilegeFinding> findings = new ArrayList<>(status.find(database.getName(), null));
			findings.add(new PrivilegeFinding(Type.NOT_CHECKED, "privileges",
					"cannot be read on this server, which only lists roles", List.of()));
			return new LoginPrivileges(this.syntax.quoteLogin(status.users().get(0).name()), findings, List.of());
		}
		return new LoginPrivileges(this.syntax.quoteLogin(status.users().get(0).name()),
				status.find(database.getName(), findHistory(definition)),
				request.tables() ? describeCollections(definition, database, status) : List.of());
	}

	private static LoginPrivileges unread(String reason) {
		return new LoginPrivileges("of the application",
				List.of(new PrivilegeFinding(Type.NOT_CHECKED, "privileges", reason, List.of())), List.of());
	}

	/**
	 * MongoDB is migrated with the login of the application, which has to write the
	 * history then.
	 */
	private static @Nullable String findHistory(DatabaseDefinition definition) {
		MongoMigrationSettings migrations = definition.settings().mongo().migrations();
		return migrations.enabled() ? null : migrations.collection();
	}

	/**
	 * A collection that does not exist is created by the first write, so its name is only
	 * unknown if it resembles that of another one.
	 */
	private static List<TablePrivileges> describeCollections(DatabaseDefinition definition, MongoDatabase database,
			ConnectionStatus status) {
		Set<String> collections = new LinkedHashSet<>(status.findCollections(database.getName()));
		database.listCollectionNames().authorizedCollections(true).into(collections);
		collections.removeIf((name) -> name.startsWith("system.")
				|| name.equals(definition.settings().mongo().migrations().collection()));
		List<String> existing = List.copyOf(collections);
		definition.settings()
			.privileges()
			.needed()
			.keySet()
			.stream()
			.filter((name) -> NearestName.find(name, existing) == null)
			.forEach(collections::add);
		List<TablePrivileges> described = new ArrayList<>();
		List<String> named = status.findCollections(database.getName());
		collections.stream()
			.sorted()
			.forEach((name) -> described.add(describe(database.getName(), name, named.contains(name), true, status)));
		described.add(describe(database.getName(), null, true, true, status));
		status.findOthers(database.getName())
			.stream()
			.map((other) -> describe(String.valueOf(other.db()),
					(other.collection() == null || other.collection().isEmpty()) ? null : other.collection(), true,
					false, status))
			.distinct()
			.forEach(described::add);
		return described;
	}

	private static TablePrivileges describe(String database, @Nullable String collection, boolean granted,
			boolean visible, ConnectionStatus status) {
		Map<String, List<String>> revokes = new LinkedHashMap<>();
		if (granted) {
			status.findActions(database, collection)
				.stream()
				.filter(DATA::contains)
				.filter((action) -> collection == null || !status.findActions(database, null).contains(action))
				.forEach((action) -> revokes.put(action, status.revoke(database, collection, action)));
		}
		return new TablePrivileges(database, collection, database + "." + ((collection != null) ? collection : "*"),
				visible, status.findActions(database, collection), revokes);
	}

}
