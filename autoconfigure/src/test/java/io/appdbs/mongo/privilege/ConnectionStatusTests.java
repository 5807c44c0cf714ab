package io.appdbs.mongo.privilege;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.engine.privilege.PrivilegeFinding;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionStatus} with the answers that the manual of MongoDB has.
 */
class ConnectionStatusTests {

	private static final String READ_WRITE = """
			{ resource: { db: 'shop', collection: '' }, actions: ['changeStream', 'collStats', 'convertToCapped',
			'createCollection', 'createIndex', 'dbHash', 'dbStats', 'dropCollection', 'dropIndex', 'find', 'insert',
			'killCursors', 'listCollections', 'listIndexes', 'planCacheRead', 'remove', 'renameCollectionSameDB',
			'update'] }""";

	@Test
	void whenALoginReadsAndWritesThenNothingIsFound() {
		assertThat(find("{ role: 'readWrite', db: 'shop' }", READ_WRITE)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					root                 | admin | [superuser] root@admin: has the role root, so it can do everything.
					__system             | admin | [superuser] __system@admin: has the role __system, so it can do everything.
					dbOwner              | shop  | [member-of-powerful-role] dbOwner@shop: has the role dbOwner, which is not for applications.
					dbAdmin              | shop  | [member-of-powerful-role] dbAdmin@shop: has the role dbAdmin, which is not for applications.
					dbAdminAnyDatabase   | admin | [member-of-powerful-role] dbAdminAnyDatabase@admin: has the role dbAdminAnyDatabase, which is not for applications.
					userAdmin            | shop  | [member-of-powerful-role] userAdmin@shop: has the role userAdmin, which is not for applications.
					userAdminAnyDatabase | admin | [member-of-powerful-role] userAdminAnyDatabase@admin: has the role userAdminAnyDatabase, which is not for applications.
					readWriteAnyDatabase | admin | [member-of-powerful-role] readWriteAnyDatabase@admin: has the role readWriteAnyDatabase, which is not for applications.
					clusterAdmin         | admin | [member-of-powerful-role] clusterAdmin@admin: has the role clusterAdmin, which is not for applications.
					backup               | admin | [member-of-powerful-role] backup@admin: has the role backup, which is not for applications.
					""")
	void whenALoginHasAPowerfulRoleThenItIsFound(String role, String database, String finding) {
		String fix = "db.getSiblingDB(\"admin\").revokeRolesFromUser(\"app\", [{ role: \"%s\", db: \"%s\" }]);"
			.formatted(role, database);
		assertThat(find("{ role: '%s', db: '%s' }, { role: 'readWrite', db: 'shop' }".formatted(role, database),
				READ_WRITE))
			.containsExactly(finding + " Fix: " + fix);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			textBlock = """
					{ cluster: true }               | 'shutdown', 'serverStatus'    | [global-privilege] cluster: may shutdown.                    | { cluster: true }                      | "shutdown"
					{ db: '', collection: '' }      | 'find'                        | [global-privilege] *.*: may find.                            | { db: "", collection: "" }             | "find"
					{ anyResource: true }           | 'anyAction'                   | [global-privilege] *.*: may anyAction.                       | { anyResource: true }                  | "anyAction"
					{ db: 'shop', collection: '' }  | 'find', 'dropDatabase'        | [changes-schema] shop.*: may dropDatabase.                   | { db: "shop", collection: "" }         | "dropDatabase"
					{ db: 'shop', collection: 'a' } | 'collMod', 'dropCollection'   | [changes-schema] shop.a: may collMod, dropCollection.        | { db: "shop", collection: "a" }        | "collMod", "dropCollection"
					{ db: 'shop', collection: '' }  | 'createUser', 'grantRole'     | [grant-option] shop.*: may createUser, grantRole.            | { db: "shop", collection: "" }         | "createUser", "grantRole"
					""")
	void whenARoleOfOnesOwnHasADangerousActionThenItIsFound(String resource, String actions, String finding,
			String revokedResource, String revoked) {
		assertThat(
				find("{ role: 'custom', db: 'shop' }", "{ resource: %s, actions: [%s] }".formatted(resource, actions)))
			.containsExactly(
					"%s Fix: db.getSiblingDB(\"shop\").revokePrivilegesFromRole(\"custom\", [{ resource: %s, actions: [%s] }]);"
						.formatted(finding, revokedResource, revoked));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			readWrite | admin
			readWrite | local
			readWrite | config
			read      | local
			""")
	void whenALoginUsesDataOfTheServerThenThatIsFound(String role, String database) {
		String ofServer = READ_WRITE.replace("'shop'", "'%s'".formatted(database));
		assertThat(
				find("{ role: 'readWrite', db: 'shop' }, { role: '%s', db: '%s' }".formatted(role, database), ofServer))
			.containsExactly(
					"[uses-system-schema] %1$s@%2$s: has the role %1$s on data of the server itself. Fix: db.getSiblingDB(\"admin\").revokeRolesFromUser(\"app\", [{ role: \"%1$s\", db: \"%2$s\" }]);"
						.formatted(role, database));
		assertThat(find("{ role: 'clusterMonitor', db: 'admin' }, { role: '%s', db: '%s' }".formatted(role, database),
				ofServer))
			.hasSize(2)
			.last()
			.asString()
			.startsWith("[uses-system-schema]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			{ db: 'admin', collection: 'system.users' } | 'find'           | admin.system.users
			{ db: 'admin', collection: 'a' }            | 'update'         | admin.a
			{ db: 'local', collection: '' }             | 'find'           | local.*
			{ db: 'local', collection: 'oplog.rs' }     | 'changeStream'   | local.oplog.rs
			{ db: 'config', collection: '' }            | 'remove'         | config.*
			""")
	void whenARoleOfOnesOwnUsesDataOfTheServerThenThatIsFound(String resource, String actions, String object) {
		assertThat(
				find("{ role: 'custom', db: 'shop' }", "{ resource: %s, actions: [%s] }".formatted(resource, actions)))
			.singleElement()
			.asString()
			.startsWith("[uses-system-schema] %s: may %s on data of the server itself. Fix: ".formatted(object,
					actions.replace("'", "")));
	}

	@Test
	void whenALoginOnlyReadsTheConfigurationThenNothingIsFound() {
		assertThat(find("{ role: 'read', db: 'config' }, { role: 'read', db: 'admin' }",
				"{ resource: { db: 'config', collection: '' }, actions: ['find'] }",
				"{ resource: { db: 'admin', collection: '' }, actions: ['find'] }",
				"{ resource: { db: 'config', collection: 'system.js' }, actions: ['find'] }"))
			.isEmpty();
	}

	@Test
	void whenAResourceIsTheBucketsOfTimeSeriesThenItIsNotAllCollections() {
		ConnectionStatus status = parse("{ role: 'custom', db: 'shop' }",
				"{ resource: { db: 'shop', system_buckets: '' }, actions: ['find'] }");
		assertThat(status.findActions("shop", "orders")).isEmpty();
	}

	@Test
	void whenTwoRolesCanHaveAnActionThenItIsNotKnownWhichToChange() {
		assertThat(find("{ role: 'custom', db: 'shop' }, { role: 'other', db: 'shop' }",
				"{ resource: { db: 'shop', collection: '' }, actions: ['collMod'] }"))
			.containsExactly("[changes-schema] shop.*: may collMod.");
	}

	@Test
	void whenAnotherApplicationMigratesThenTheHistoryMustNotBeWritable() {
		ConnectionStatus status = parse("{ role: 'readWrite', db: 'shop' }", READ_WRITE);
		assertThat(status.find("shop", "appdbs_migrations")).map(PrivilegeFinding::toString)
			.containsExactly(
					"[may-write-migration-history] shop.appdbs_migrations: may change the history of migrations.");
		assertThat(parse("{ role: 'custom', db: 'shop' }",
				"{ resource: { db: 'shop', collection: 'a' }, actions: ['insert'] }")
			.find("shop", "appdbs_migrations")).isEmpty();
	}

	@Test
	void whenACollectionIsNamedThenItsActionsAreThoseOfAllResources() {
		ConnectionStatus status = parse("{ role: 'custom', db: 'shop' }",
				"{ resource: { db: 'shop', collection: '' }, actions: ['find'] }",
				"{ resource: { db: 'shop', collection: 'a' }, actions: ['insert'] }",
				"{ resource: { db: 'other', collection: 'b' }, actions: ['update'] }");
		assertThat(status.findActions("shop", "a")).isEqualTo(Set.of("find", "insert"));
		assertThat(status.findActions("shop", "b")).isEqualTo(Set.of("find"));
		assertThat(status.findActions("shop", null)).isEqualTo(Set.of("find"));
		assertThat(status.findActions("shop", "system.users")).isEmpty();
		assertThat(status.findCollections("shop")).containsExactly("a");
	}

	private static List<String> find(String roles, String... privileges) {
		return parse(roles, privileges).find("shop", null).stream().map(PrivilegeFinding::toString).toList();
	}

	private static ConnectionStatus parse(String roles, String... privileges) {
		return ConnectionStatus.parse(Document.parse("""
				{ authInfo: { authenticatedUsers: [{ user: 'app', db: 'admin' }], authenticatedUserRoles: [%s],
				authenticatedUserPrivileges: [%s] }, ok: 1 }""".formatted(roles,
				String.join(", ", Stream.of(privileges).toList()))));
	}

}
