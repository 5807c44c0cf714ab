package io.appdbs.privilege;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrivilegeVerification} with an engine that has the privileges of
 * MySQL.
 */
abstract class AbstractMySqlPrivilegesTests {

	private static final String CRUD = "SELECT, INSERT, UPDATE, DELETE";

	private static final AtomicInteger count = new AtomicInteger();

	/**
	 * Execute statements as the administrator.
	 */
	abstract void execute(String... statements) throws SQLException;

	/**
	 * Return the URL of a database for a login.
	 */
	abstract String url(String login, String database);

	abstract Map<String, String> words();

	private static String name(String text, String login) {
		return text.replace("{db}", login + "_shop")
			.replace("{escaped}", login + "\\_shop")
			.replace("{u}", "'" + login + "'@'%'")
			.replace("{other}", login + "_other")
			.replace("{role}", login + "_role")
			.replace("{g}", "`" + login + "`@`%`");
	}

	private void create(String login) throws SQLException {
		for (String sql : List.of("CREATE DATABASE {db}", "CREATE TABLE {db}.orders (id int)",
				"CREATE TABLE {db}.customer (id int)", "CREATE TABLE {db}.flyway_schema_history (id int)",
				"CREATE USER {u} IDENTIFIED BY 'secret-password'", "GRANT %s ON {db}.orders TO {u}".formatted(CRUD),
				"GRANT %s ON {db}.customer TO {u}".formatted(CRUD))) {
			execute(name(sql, login));
		}
	}

	@ParameterizedTest
	@MethodSource({ "global", "schema", "system", "roles", "needed", "others" })
	void whenALoginCanDoMoreThenItIsFoundAndFixed(PrivilegeCase privilege) throws SQLException {
		String login = "app" + count.incrementAndGet();
		create(login);
		PrivilegeCase named = new PrivilegeCase(name(words(privilege.sql()), login),
				name(words(privilege.finding()), login), privilege.settings());
		named.assertFoundAndFixed(url(login, login + "_shop"), (sql) -> execute(sql.split("(?<=;) ")));
	}

	private String words(String text) {
		String replaced = text;
		for (Map.Entry<String, String> word : words().entrySet()) {
			replaced = replaced.replace(word.getKey(), word.getValue());
		}
		return replaced;
	}

	@Test
	void whenALoginOnlyUsesRowsThenNothingIsFound() throws SQLException {
		String login = "app" + count.incrementAndGet();
		create(login);
		assertThat(PrivilegeCase.verify(PrivilegeCase.define(url(login, login + "_shop"), "privileges.verify", "fail",
				"privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD)))
			.containsEntry("login", name("{u}", login))
			.containsEntry("findings", List.of());
	}

	@Test
	void whenALoginIsTheSuperuserThenThatIsAllThatIsFound() throws SQLException {
		String login = "app" + count.incrementAndGet();
		create(login);
		execute(name("GRANT ALL PRIVILEGES ON *.* TO {u} WITH GRANT OPTION", login));
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url(login, login + "_shop")))).singleElement()
			.asString()
			.startsWith("[superuser] ")
			.endsWith(
					" has all privileges on *.*. => Connect as a login with fewer rights: 'app.dbs.orders.username'.");
	}

	static List<PrivilegeCase> global() {
		return List.of(
				new PrivilegeCase("GRANT FILE ON *.* TO {u}",
						"[global-privilege] FILE: has it on *.*, for all databases. => REVOKE FILE ON *.* FROM {g};"),
				new PrivilegeCase("GRANT PROCESS ON *.* TO {u}",
						"[global-privilege] PROCESS: has it on *.*, for all databases. => REVOKE PROCESS ON *.* FROM {g};"),
				new PrivilegeCase("GRANT CREATE USER ON *.* TO {u}",
						"[global-privilege] CREATE USER: has it on *.*, for all databases. => REVOKE CREATE USER ON *.* FROM {g};"),
				new PrivilegeCase("GRANT SHUTDOWN ON *.* TO {u}",
						"[global-privilege] SHUTDOWN: has it on *.*, for all databases. => REVOKE SHUTDOWN ON *.* FROM {g};"),
				new PrivilegeCase("GRANT SUPER ON *.* TO {u}",
						"[global-privilege] SUPER: has it on *.*, for all databases. => REVOKE SUPER ON *.* FROM {g};"),
				new PrivilegeCase("GRANT {ADMIN} ON *.* TO {u}",
						"[global-privilege] {ADMIN}: has it on *.*, for all databases. => REVOKE {ADMIN} ON *.* FROM {g};"),
				new PrivilegeCase("GRANT SELECT ON *.* TO {u}",
						"[global-privilege] SELECT: has it on *.*, for all databases. => REVOKE SELECT ON *.* FROM {g};"));
	}

	static List<PrivilegeCase> schema() {
		return List.of(new PrivilegeCase("GRANT ALTER, INDEX, CREATE ROUTINE ON {db}.* TO {u}",
				"[changes-schema] {db}.*: has INDEX, ALTER, CREATE ROUTINE there. => REVOKE INDEX, ALTER, CREATE ROUTINE ON `{db}`.* FROM {g};"),
				new PrivilegeCase("GRANT DROP ON {db}.orders TO {u}",
						"[may-truncate] {db}.orders: may drop and truncate it. => REVOKE DROP ON `{db}`.`orders` FROM {g};"),
				new PrivilegeCase("GRANT SELECT ON {db}.orders TO {u} WITH GRANT OPTION",
						"[grant-option] {db}.orders: may grant its privileges to others. => REVOKE GRANT OPTION ON `{db}`.`orders` FROM {g};"),
				new PrivilegeCase("GRANT INSERT (id) ON {db}.flyway_schema_history TO {u}",
						"[may-write-migration-history] {db}.flyway_schema_history: may change the history of migrations. => REVOKE INSERT ON `{db}`.`flyway_schema_history` FROM {g};"),
				new PrivilegeCase("GRANT SELECT, INSERT, DELETE ON {db}.* TO {u}",
						"[may-write-migration-history] {db}.flyway_schema_history: may change the history of migrations. => REVOKE INSERT, DELETE ON `{db}`.* FROM {g}; GRANT INSERT, DELETE ON `{db}`.`customer` TO {g}; GRANT INSERT, DELETE ON `{db}`.`orders` TO {g};"),
				new PrivilegeCase("GRANT ALL PRIVILEGES ON {db}.* TO {u}",
						"[one-login] {u}: also migrates the database, so the application can change and drop what it has: {db}.*, {db}.flyway_schema_history."
								+ " => Migrate with another login, 'app.dbs.orders.flyway.username' or 'app.dbs.orders.liquibase.user', and then: REVOKE DROP ON `{db}`.* FROM {g};"
								+ " REVOKE CREATE, REFERENCES, INDEX, ALTER, CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER{HISTORY} ON `{db}`.* FROM {g};"
								+ " REVOKE INSERT, UPDATE, DELETE ON `{db}`.* FROM {g}; GRANT INSERT, UPDATE, DELETE ON `{db}`.`customer` TO {g}; GRANT INSERT, UPDATE, DELETE ON `{db}`.`orders` TO {g};"));
	}

	static List<PrivilegeCase> system() {
		return List.of(new PrivilegeCase("GRANT %s ON mysql.* TO {u}".formatted(CRUD),
				"[uses-system-schema] mysql.*: has SELECT, INSERT, UPDATE, DELETE on tables of the server itself. => REVOKE SELECT, INSERT, UPDATE, DELETE ON `mysql`.* FROM {g};"),
				new PrivilegeCase("GRANT %s ON mysql.* TO {u}".formatted(CRUD),
						"[uses-system-schema] mysql.*: has SELECT, INSERT, UPDATE, DELETE on tables of the server itself. => REVOKE SELECT, INSERT, UPDATE, DELETE ON `mysql`.* FROM {g};",
						"privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD),
				new PrivilegeCase("GRANT SELECT (user) ON mysql.db TO {u}",
						"[uses-system-schema] mysql.db: has SELECT on tables of the server itself. => REVOKE SELECT ON `mysql`.`db` FROM {g};"),
				new PrivilegeCase("GRANT SELECT, DROP ON performance_schema.* TO {u}",
						"[uses-system-schema] performance_schema.*: has DROP on tables of the server itself. => REVOKE DROP ON `performance_schema`.* FROM {g};"),
				new PrivilegeCase("GRANT SELECT, INSERT ON sys.* TO {u}",
						"[uses-system-schema] sys.*: has INSERT on tables of the server itself. => REVOKE INSERT ON `sys`.* FROM {g};"),
				new PrivilegeCase("CREATE ROLE {role}; GRANT SELECT ON mysql.* TO {role}; GRANT {role} TO {u}",
						"[uses-system-schema] mysql.*: has SELECT on tables of the server itself. => REVOKE SELECT ON `mysql`.* FROM {r};"),
				new PrivilegeCase("GRANT SELECT ON `m%`.* TO {u}",
						"[uses-system-schema] m%.*: has SELECT on tables of the server itself. => REVOKE SELECT ON `m%`.* FROM {g};"),
				new PrivilegeCase("GRANT SELECT ON `%`.* TO {u}",
						"[uses-system-schema] %.*: has SELECT on tables of the server itself. => REVOKE SELECT ON `%`.* FROM {g}; GRANT SELECT ON `{escaped}`.* TO {g};"));
	}

	static List<PrivilegeCase> roles() {
		return List.of(new PrivilegeCase("CREATE ROLE {role}; GRANT DROP ON {db}.orders TO {role}; GRANT {role} TO {u}",
				"[may-truncate] {db}.orders: may drop and truncate it. => REVOKE DROP ON `{db}`.`orders` FROM {r};"),
				new PrivilegeCase(
						"CREATE ROLE {role}; GRANT ALTER ON {db}.* TO {role}; GRANT {role} TO {u}; SET DEFAULT ROLE {role} {FOR} {u}",
						"[changes-schema] {db}.*: has ALTER there. => REVOKE ALTER ON `{db}`.* FROM {r};"),
				new PrivilegeCase("CREATE ROLE {role}; GRANT FILE ON *.* TO {role}; GRANT {role} TO {u}",
						"[global-privilege] FILE: has it on *.*, for all databases. => REVOKE FILE ON *.* FROM {r};"));
	}

	static List<PrivilegeCase> needed() {
		return List.of(
				new PrivilegeCase("REVOKE DELETE ON {db}.orders FROM {u}",
						"[missing-grant] {db}.orders: lacks DELETE. => GRANT DELETE ON `{db}`.`orders` TO {u};",
						"privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD),
				new PrivilegeCase("CREATE TABLE {db}.hidden (id int)",
						"[missing-grant] hidden: lacks SELECT, or there is no such table. => GRANT SELECT ON `{db}`.`hidden` TO {u};",
						"privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD,
						"privileges.needed.hidden", "SELECT"),
				new PrivilegeCase("GRANT SELECT ON {db}.* TO {u}",
						"[excess-grant] {db}.*: has SELECT, which it does not need. => REVOKE SELECT ON `{db}`.* FROM {g}; GRANT SELECT ON `{db}`.`customer` TO {u}; GRANT SELECT ON `{db}`.`orders` TO {u};",
						"privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD),
				new PrivilegeCase("SELECT 1",
						"[excess-grant] {db}.customer: has DELETE, UPDATE, which it does not need. => REVOKE DELETE ON `{db}`.`customer` FROM {g}; REVOKE UPDATE ON `{db}`.`customer` FROM {g};",
						"privileges.needed.orders", CRUD, "privileges.needed.customer", "SELECT,INSERT"),
				new PrivilegeCase(
						"CREATE TABLE {db}.lines (id int, total int); GRANT SELECT (id) ON {db}.lines TO {u}; GRANT INSERT ON {db}.lines TO {u}",
						"[missing-grant] {db}.lines: lacks SELECT. => GRANT SELECT ON `{db}`.`lines` TO {u};",
						"privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD, "privileges.needed.lines",
						"SELECT, INSERT"));
	}

	static List<PrivilegeCase> others() {
		String other = "CREATE DATABASE {other}; CREATE TABLE {other}.items (id int); CREATE TABLE {other}.flyway_schema_history (id int); ";
		String[] needed = { "privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD };
		return List.of(new PrivilegeCase(other + "GRANT SELECT, INSERT ON {other}.items TO {u}",
				"[excess-grant] {other}.items: has INSERT, SELECT, which it does not need. => REVOKE INSERT ON `{other}`.`items` FROM {g}; REVOKE SELECT ON `{other}`.`items` FROM {g};",
				needed),
				new PrivilegeCase(other + "GRANT SELECT (id) ON {other}.items TO {u}",
						"[excess-grant] {other}.items: has SELECT, which it does not need. => REVOKE SELECT ON `{other}`.`items` FROM {g};",
						needed),
				new PrivilegeCase(other + "GRANT SELECT, EXECUTE ON {other}.* TO {u}",
						"[excess-grant] {other}.*: has EXECUTE, SELECT, which it does not need. => REVOKE EXECUTE ON `{other}`.* FROM {g}; REVOKE SELECT ON `{other}`.* FROM {g};",
						needed),
				new PrivilegeCase("GRANT SELECT ON `{other}\\_%`.* TO {u}",
						"[excess-grant] {other}\\_%.*: has SELECT, which it does not need. => REVOKE SELECT ON `{other}\\_%`.* FROM {g};",
						needed),
				new PrivilegeCase(
						other + "CREATE ROLE {role}; GRANT DELETE ON {other}.items TO {role}; GRANT {role} TO {u}",
						"[excess-grant] {other}.items: has DELETE, which it does not need. => REVOKE DELETE ON `{other}`.`items` FROM {r};",
						needed),
				new PrivilegeCase(other + "GRANT UPDATE ON {other}.flyway_schema_history TO {u}",
						"[may-write-migration-history] {other}.flyway_schema_history: may change the history of migrations. => REVOKE UPDATE ON `{other}`.`flyway_schema_history` FROM {g};"));
	}

	@Test
	void whenATableOfAnotherSchemaIsNeededThenItsPrivilegesCount() throws SQLException {
		String login = "app" + count.incrementAndGet();
		create(login);
		execute(name("CREATE DATABASE {other}", login), name("CREATE TABLE {other}.items (id int)", login),
				name("CREATE TABLE {other}.shipment (id int)", login),
				name("GRANT SELECT, INSERT ON {other}.items TO {u}", login),
				name("GRANT SELECT ON performance_schema.* TO {u}", login));
		String[] settings = { "privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD,
				"privileges.needed.[%s_other.items]".formatted(login), "SELECT",
				"privileges.needed.[%s_other.shipment]".formatted(login), "SELECT",
				"privileges.needed.[performance_schema.threads]", "SELECT" };
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url(login, login + "_shop"), settings))).containsExactly(
				name("[missing-grant] {other}.shipment: lacks SELECT, or there is no such table. => GRANT SELECT ON `{other}`.`shipment` TO {u};",
						login),
				name("[excess-grant] {other}.items: has INSERT, which it does not need. => REVOKE INSERT ON `{other}`.`items` FROM {g};",
						login));
	}

	@Test
	void whenALoginReadsStatisticsOfTheServerThenNothingIsFound() throws SQLException {
		String login = "app" + count.incrementAndGet();
		create(login);
		execute(name("GRANT SELECT ON performance_schema.* TO {u}", login), name("GRANT SELECT ON sys.* TO {u}", login),
				name("GRANT SELECT ON mysql.innodb_table_stats TO {u}", login),
				name("GRANT SELECT ON mysql.time_zone_name TO {u}", login));
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url(login, login + "_shop"), "privileges.needed.orders",
				CRUD, "privileges.needed.customer", CRUD)))
			.isEmpty();
	}

}
