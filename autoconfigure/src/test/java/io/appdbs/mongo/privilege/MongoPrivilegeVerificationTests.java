package io.appdbs.mongo.privilege;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.appdbs.jdbc.Definitions;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.mongo.MongoPreparation.Context;
import io.appdbs.settings.DatabaseDefinition;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MongoPrivilegeVerification} with the answers that the manual of
 * MongoDB has.
 */
class MongoPrivilegeVerificationTests {

	private static final String NONE = "{ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1.0 }";

	private static final Answers answers = new Answers();

	private static final MongoServer server = new MongoServer(answers);

	private static final String address = server.bindAndGetConnectionString() + "/shop";

	@AfterAll
	static void stop() {
		server.shutdownNow();
	}

	@Test
	void whenTheCertificateIsTheLoginThenItIsVerified() {
		answers.status = status("CN=app,O=shop", "{ role: 'dbOwner', db: 'shop' }", "shop.*");
		assertThatExceptionOfType(VerificationFailedException.class)
			.isThrownBy(() -> verify("?authMechanism=MONGODB-X509", "privileges.verify", "fail"))
			.withMessageStartingWith("The login \"CN=app,O=shop\" of database 'orders' (MongoDB at ")
			.withMessageEndingWith(
					"""
							can do more than it needs:

							    [member-of-powerful-role] dbOwner@shop: has the role dbOwner, which is not for applications. Fix: db.getSiblingDB("$external").revokeRolesFromUser("CN=app,O=shop", [{ role: "dbOwner", db: "shop" }]);""");
	}

	@Test
	void whenTheServerListsALoginThatIsNotConfiguredThenItIsVerified() {
		answers.status = status("app", "{ role: 'readWrite', db: 'shop' }", "shop.*");
		assertThat(verify("", "privileges.verify", "fail"))
			.isEqualTo(Map.of("login", "\"app\"", "findings", List.of()));
	}

	@Test
	void whenThereIsNoLoginThenItIsOnlyReportedIfItMustBeVerified() {
		answers.status = NONE;
		assertThat(verify("")).isNull();
		assertThatExceptionOfType(VerificationFailedException.class)
			.isThrownBy(() -> verify("", "privileges.verify", "fail"))
			.withMessageEndingWith(
					"""
							has been verified only in part:

							    [not-checked] privileges: cannot be read, since neither 'app.dbs.orders.username' nor 'authMechanism' in the URL is set.""");
		assertThat(verify("", "privileges.verify", "fail", "privileges.allow", "not-checked")).containsEntry("findings",
				List.of());
	}

	@Test
	void whenALoginUsesOtherDatabasesThenTheyAreNotNeeded() {
		answers.status = status("app", "{ role: 'readWrite', db: 'shop' }, { role: 'readWrite', db: 'other' }",
				"shop.*", "other.*", "other.system.js");
		assertThat(findings("username", "app", "privileges.needed.orders", "find,insert,update,remove"))
			.containsExactly(
					"[excess-grant] shop.*: has find, insert, remove, update, which it does not need. => db.getSiblingDB(\"admin\").revokeRolesFromUser(\"app\", [{ role: \"readWrite\", db: \"shop\" }]); db.grantPrivilegesToRole(\"app\", [{ resource: { db: \"shop\", collection: \"orders\" }, actions: [\"find\", \"insert\", \"update\", \"remove\"] }]);",
					"[excess-grant] other.*: has find, insert, remove, update, which it does not need. => db.getSiblingDB(\"admin\").revokeRolesFromUser(\"app\", [{ role: \"readWrite\", db: \"other\" }]);");
		assertThat(findings("username", "app")).isEmpty();
		answers.status = status("app", "{ role: 'custom', db: 'shop' }", "shop.orders", "other.items",
				"other.system.profile");
		assertThat(findings("username", "app", "privileges.needed.orders", "find,insert,update,remove"))
			.containsExactly(excess("other", "items"), excess("other", "system.profile"));
	}

	private static String excess(String database, String collection) {
		return "[excess-grant] %s.%s: has find, insert, remove, update, which it does not need. => ".formatted(database,
				collection)
				+ Stream.of("find", "insert", "remove", "update")
					.map((action) -> "db.getSiblingDB(\"shop\").revokePrivilegesFromRole(\"custom\", [{ resource: { db: \"%s\", collection: \"%s\" }, actions: [\"%s\"] }]);"
						.formatted(database, collection, action))
					.reduce("%s %s"::formatted)
					.orElseThrow();
	}

	private static String status(String user, String roles, String... resources) {
		String privileges = Stream.of(resources)
			.map((resource) -> resource.split("\\.", 2))
			.map((parts) -> "{ resource: { db: '%s', collection: '%s' }, actions: ['find', 'insert', 'update', 'remove'] }"
				.formatted(parts[0], parts[1].replace("*", "")))
			.reduce("%s, %s"::formatted)
			.orElse("");
		return "{ authInfo: { authenticatedUsers: [{ user: '%s', db: '%s' }], authenticatedUserRoles: [%s], authenticatedUserPrivileges: [%s] }, ok: 1.0 }"
			.formatted(user, user.startsWith("CN=") ? "$external" : "admin", roles, privileges);
	}

	private static List<String> findings(String... settings) {
		Map<String, Object> details = verify("", settings);
		assertThat(details).isNotNull();
		return ((List<?>) details.get("findings")).stream()
			.map(Map.class::cast)
			.map((finding) -> "[%s] %s: %s. => %s".formatted(finding.get("id"), finding.get("object"),
					finding.get("reason"), finding.get("fix")))
			.toList();
	}

	private static Map<String, Object> verify(String parameters, String... settings) {
		DatabaseDefinition definition = Definitions.of("orders", address + parameters, settings);
		try (MongoClient client = MongoClients.create(address + parameters)) {
			return new MongoPrivilegeVerification()
				.prepare(new Context(definition, definition.connectionDetails().get(), client.getDatabase("shop"),
						client.getDatabase("admin"), () -> client));
		}
	}

	/**
	 * Accepts certificates, without asking for one.
	 */
	private static final class Answers extends MemoryBackend {

		private volatile String status = NONE;

		@Override
		public Document handleCommand(Channel channel, String database, String command, Document query) {
			return switch (command) {
				case "authenticate" -> new Document("ok", 1.0);
				case "connectionStatus" -> (Document) convert(org.bson.Document.parse(this.status));
				default -> super.handleCommand(channel, database, command, query);
			};
		}

		private static Object convert(Object value) {
			if (value instanceof Map<?, ?> map) {
				Document document = new Document();
				map.forEach((key, entry) -> document.append((String) key, convert(entry)));
				return document;
			}
			return (value instanceof List<?> list) ? list.stream().map(Answers::convert).toList() : value;
		}

	}

}
