package io.appdbs.privilege;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PrivilegeVerification} with H2.
 */
class H2PrivilegesTests {

	private static final String CRUD = "SELECT, INSERT, UPDATE, DELETE";

	private static final String UNREAD = "rights on whole schemas and ALTER ANY SCHEMA, which only an administrator can read";

	private static final AtomicInteger count = new AtomicInteger();

	@TempDir
	private static Path folder;

	private static Connection administrator;

	@BeforeAll
	static void open() throws SQLException {
		administrator = DriverManager.getConnection("jdbc:h2:" + folder.resolve("shop"), "sa", "secret");
		execute("""
				CREATE TABLE orders (id int);
				CREATE TABLE customer (id int);
				CREATE TABLE "flyway_schema_history" (id int);
				CREATE SCHEMA sales;
				CREATE TABLE sales.orders (id int);
				CREATE TABLE sales."flyway_schema_history" (id int);
				CREATE TABLE sales.lines (id int);
				""");
	}

	@AfterAll
	static void close() throws SQLException {
		administrator.close();
	}

	private static void execute(String sql) throws SQLException {
		try (Statement statement = administrator.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String url() {
		return "jdbc:h2:" + folder.resolve("shop");
	}

	private static String create() throws SQLException {
		String login = "APP" + count.incrementAndGet();
		execute("CREATE USER %s PASSWORD 'secret'; GRANT %s ON orders TO %1$s; GRANT %2$s ON customer TO %1$s"
			.formatted(login, CRUD));
		return login;
	}

	private static String[] settings(String login, String... settings) {
		return Stream.concat(Stream.of("username", login, "password", "secret"), Stream.of(settings))
			.toArray(String[]::new);
	}

	private static String[] with(String[] settings, String... further) {
		return Stream.concat(Stream.of(settings), Stream.of(further)).toArray(String[]::new);
	}

	@ParameterizedTest
	@MethodSource("cases")
	void whenALoginCanDoMoreThenItIsFoundAndFixed(PrivilegeCase privilege) throws SQLException {
		String login = create();
		try {
			new PrivilegeCase(privilege.sql().replace("{login}", login), privilege.finding().replace("{login}", login),
					settings(login, privilege.settings()))
				.assertFoundAndFixed(url(), H2PrivilegesTests::execute);
		}
		finally {
			execute("DROP USER " + login);
		}
	}

	static List<PrivilegeCase> cases() {
		String orders = "privileges.needed.orders";
		String customer = "privileges.needed.customer";
		return List.of(new PrivilegeCase("ALTER USER {login} ADMIN TRUE",
				"[superuser] \"{login}\": has ADMIN, so it can do everything. => ALTER USER \"{login}\" ADMIN FALSE; -- or Connect as a login with fewer rights: 'app.dbs.orders.username'."),
				new PrivilegeCase("GRANT UPDATE ON \"flyway_schema_history\" TO {login}",
						"[may-write-migration-history] PUBLIC.flyway_schema_history: may change the history of migrations. => REVOKE UPDATE ON \"PUBLIC\".\"flyway_schema_history\" FROM \"{login}\";"),
				new PrivilegeCase("GRANT SELECT ON sales.orders TO PUBLIC",
						"[public-may-use] SALES.ORDERS: like every other login, may use it. => REVOKE SELECT ON \"SALES\".\"ORDERS\" FROM \"PUBLIC\";"),
				new PrivilegeCase(
						"CREATE ROLE writers; GRANT INSERT ON \"flyway_schema_history\" TO writers; GRANT writers TO {login}",
						"[may-write-migration-history] PUBLIC.flyway_schema_history: may change the history of migrations. => REVOKE INSERT ON \"PUBLIC\".\"flyway_schema_history\" FROM \"WRITERS\";"),
				new PrivilegeCase("REVOKE DELETE ON orders FROM {login}",
						"[missing-grant] PUBLIC.ORDERS: lacks DELETE. => GRANT DELETE ON \"PUBLIC\".\"ORDERS\" TO \"{login}\";",
						orders, CRUD, customer, CRUD),
				new PrivilegeCase("SELECT 1",
						"[missing-grant] SALES.LINES: lacks SELECT. => GRANT SELECT ON \"SALES\".\"LINES\" TO \"{login}\";",
						orders, CRUD, customer, CRUD, "privileges.needed.[sales.lines]", "SELECT"),
				new PrivilegeCase("SELECT 1",
						"[excess-grant] PUBLIC.CUSTOMER: has DELETE, INSERT, UPDATE, which it does not need. => REVOKE DELETE ON \"PUBLIC\".\"CUSTOMER\" FROM \"{login}\"; REVOKE INSERT ON \"PUBLIC\".\"CUSTOMER\" FROM \"{login}\"; REVOKE UPDATE ON \"PUBLIC\".\"CUSTOMER\" FROM \"{login}\";",
						orders, CRUD, customer, "SELECT"));
	}

	@Test
	void whenALoginOnlyUsesRowsThenNothingIsFound() throws SQLException {
		String login = create();
		String[] needed = settings(login, "privileges.needed.orders", CRUD, "privileges.needed.customer", CRUD);
		assertThat(PrivilegeCase.verify(PrivilegeCase.define(url(), needed))).containsEntry("findings", List.of())
			.containsEntry("notChecked", List.of(UNREAD));
		assertThat(PrivilegeCase
			.verify(PrivilegeCase.define(url(), with(needed, "privileges.allow", "not-checked schemas"))))
			.containsEntry("findings", List.of());
	}

	@Test
	void whenThePrivilegesMustBeRightThenRightsThatCannotBeReadAreAFinding() throws SQLException {
		String login = create();
		String[] failing = settings(login, "privileges.verify", "fail");
		assertThatExceptionOfType(VerificationFailedException.class)
			.isThrownBy(() -> PrivilegeCase.verify(PrivilegeCase.define(url(), failing)))
			.withMessageEndingWith(
					"has been verified only in part:\n\n    [not-checked] schemas: may have " + UNREAD + ".");
		assertThat(PrivilegeCase
			.verify(PrivilegeCase.define(url(), with(failing, "privileges.allow", "not-checked schemas"))))
			.containsEntry("findings", List.of())
			.containsEntry("notChecked", List.of(UNREAD));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			DATABASE_TO_LOWER=TRUE  | public | orders | app
			database_to_upper=false | PUBLIC | orders | APP
			DATABASE_TO_UPPER=TRUE  | PUBLIC | ORDERS | APP
			""")
	void whenTheDatabaseKeepsNamesInAnotherCaseThenTablesAreFound(String setting, String schema, String table,
			String login) throws SQLException {
		String url = "jdbc:h2:%s;%s".formatted(folder.resolve("names" + count.incrementAndGet()), setting);
		try (Connection connection = DriverManager.getConnection(url, "sa", "secret");
				Statement statement = connection.createStatement()) {
			statement.execute("""
					CREATE TABLE orders (id int);
					CREATE TABLE "flyway_schema_history" (id int);
					CREATE USER app PASSWORD 'secret';
					GRANT UPDATE ON "flyway_schema_history" TO app;
					GRANT SELECT ON orders TO PUBLIC;
					""");
			DatabaseDefinition definition = PrivilegeCase.define(url,
					settings("app", "url", url, "privileges.needed.orders", "SELECT, INSERT"));
			String history = "\"%s\".\"flyway_schema_history\"".formatted(schema);
			String orders = "\"%s\".\"%s\"".formatted(schema, table);
			String publicRole = "\"%s\"".formatted(schema);
			assertThat(PrivilegeCase.findings(definition)).containsExactlyInAnyOrder(
					"[may-write-migration-history] %s.flyway_schema_history: may change the history of migrations. => REVOKE UPDATE ON %s FROM \"%s\";"
						.formatted(schema, history, login),
					"[public-may-use] %s.%s: like every other login, may use it. => REVOKE SELECT ON %s FROM %s;"
						.formatted(schema, table, orders, publicRole),
					"[missing-grant] %s.%s: lacks INSERT. => GRANT INSERT ON %s TO \"%s\";".formatted(schema, table,
							orders, login));
			assertThat(PrivilegeGrants.write(definition, null, "app"))
				.containsExactly("GRANT SELECT, INSERT ON \"%s\" TO \"APP\";".formatted(table));
			for (String sql : PrivilegeGrants.write(definition, null, "app")) {
				statement.execute(sql);
			}
			statement.execute("REVOKE UPDATE ON %s FROM \"%s\"; REVOKE SELECT ON %s FROM %s".formatted(history, login,
					orders, publicRole));
			assertThat(PrivilegeCase.findings(definition)).isEmpty();
		}
	}

	@Test
	void whenALoginOwnsASchemaThenThatIsFound() throws SQLException {
		String login = create();
		execute("CREATE SCHEMA own AUTHORIZATION " + login);
		assertThat(PrivilegeCase.findings(PrivilegeCase.define(url(), settings(login))))
			.containsExactly("[owns-schema] OWN: owns the schema, so it can change and drop it.");
	}

	@Test
	void whenTheDatabaseIsInMemoryThenItIsNotVerified() throws SQLException {
		Map<String, Object> details = PrivilegeCase
			.verify(PrivilegeCase.define("jdbc:h2:mem:privileges", settings("sa", "privileges.verify", "fail")));
		assertThat(details).isNull();
	}

}
