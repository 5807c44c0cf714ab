package io.appdbs.jdbc.schema;

import java.sql.SQLException;

import io.appdbs.DatabaseStartException;
import io.appdbs.jdbc.Definitions;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RequiredTables} and {@link TableName}.
 */
class RequiredTablesTests {

	private static final String H2 = "jdbc:h2:mem:tables;DB_CLOSE_DELAY=-1";

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@BeforeAll
	static void createTables() throws SQLException {
		servers.execute("postgresql", "CREATE TABLE orders (id INT)", "CREATE VIEW open_orders AS SELECT 1 AS id",
				"CREATE TABLE \"Order.Lines\" (id INT)", "CREATE INDEX an_index ON orders (id)",
				"CREATE SEQUENCE a_sequence", "CREATE SCHEMA sales", "CREATE TABLE sales.customer (id INT)",
				"CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id");
		servers.execute("mariadb", "CREATE TABLE orders (id INT)", "CREATE VIEW open_orders AS SELECT 1 AS id",
				"CREATE TABLE `Order.Lines` (id INT)", "CREATE SEQUENCE a_sequence", "CREATE DATABASE sales",
				"CREATE TABLE sales.customer (id INT)");
		RunningServers.execute(Definitions.of("h2", H2), "CREATE TABLE orders (id INT)",
				"CREATE VIEW open_orders AS SELECT 1 AS id", "CREATE TABLE \"Order.Lines\" (id INT)",
				"CREATE SEQUENCE a_sequence", "CREATE SCHEMA sales", "CREATE TABLE sales.customer (id INT)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenAllTablesAreThereThenNothingIsSaid(String scheme) throws SQLException {
		assertThat(failure(scheme, "orders,open_orders,sales.customer,\"Order.Lines\"")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "h2" })
	void whenTheEngineFoldsIdentifiersThenCaseDoesNotMatterUnlessQuoted(String scheme) throws SQLException {
		assertThat(failure(scheme, "Orders,OPEN_orders,Sales.CUSTOMER")).isNull();
		assertThat(failure(scheme, "\"Orders\",order_lines,\"order.lines\"")).isNotNull()
			.hasMessageEndingWith("lacks the required tables: \"Orders\", order_lines, \"order.lines\".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenTablesAreMissingThenAllAreListed(String scheme) throws SQLException {
		String schema = switch (scheme) {
			case "postgresql" -> "public";
			case "h2" -> "PUBLIC";
			default -> "test";
		};
		String server = switch (scheme) {
			case "postgresql" -> "PostgreSQL at " + servers.address(scheme, "test");
			case "h2" -> "H2 at jdbc:h2:mem:tables";
			case "mysql" -> "MySQL at " + servers.address(scheme, "test");
			default -> "MariaDB at " + servers.address(scheme, "test");
		};
		DatabaseStartException failure = failure(scheme, "orders,customer,sales.orders,a_sequence");
		assertThat(failure).isNotNull()
			.hasMessage("Database 'orders' (%s) lacks the required tables: customer, sales.orders, a_sequence."
				.formatted(server));
		assertThat(failure.getAction())
			.isEqualTo("Create them, preferably in a migration of the database, or correct 'app.dbs.orders.startup."
					+ "required-tables'. A table without schema is looked for in: " + schema + ".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenANameHasAWildcardThenItIsTakenLiterally(String scheme) throws SQLException {
		assertThat(failure(scheme, "\"open%\",order_,\"Order_Lines\"")).isNotNull()
			.hasMessageEndingWith("lacks the required tables: \"open%\", order_, \"Order_Lines\".");
	}

	@Test
	void whenPostgreSqlHasASearchPathThenEachSchemaIsSearched() throws SQLException {
		DatabaseDefinition definition = definition(servers.url("postgresql", "test") + "?currentSchema=sales,public",
				"postgres", "customer,orders,totals,an_index");
		DatabaseStartException failure = failure(definition);
		assertThat(failure).isNotNull().hasMessageEndingWith("lacks the required tables: an_index.");
		assertThat(failure.getAction()).endsWith("is looked for in: sales, public.");
	}

	@Test
	void whenNothingIsRequiredThenNoConnectionIsOpened() throws SQLException {
		DatabaseDefinition definition = Definitions.of("orders", "postgresql://localhost:1/orders");
		assertThat(failure(definition)).isNull();
	}

	@Test
	void whenTheServerIsDownThenTheExceptionIsTheDrivers() {
		DatabaseDefinition definition = definition("postgresql://localhost:1/orders", "app", "orders");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> failure(definition));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a.b.c", ".a", "a.", "a b", "a;b", "1a", "\"a", "a\"b\"", "\"\"", "a-b", "`a`",
			"a.\"b", "*" })
	void malformedNamesAreNotParsed(String name) {
		assertThat(TableName.parse(name)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "_a1$", "a.b", "\"a b\".c", "größe", "\"a\"\"b\"", "\"a.b\".\"c.d\"" })
	void namesArePrintedAsWritten(String name) {
		assertThat(TableName.parse(name)).isNotNull().hasToString(name);
	}

	private static @Nullable DatabaseStartException failure(String scheme, String tables) throws SQLException {
		return failure(scheme.equals("h2") ? definition(H2, "", tables)
				: definition(servers.url(scheme, "test"), servers.administrator(scheme), tables));
	}

	private static @Nullable DatabaseStartException failure(DatabaseDefinition definition) throws SQLException {
		try {
			new RequiredTables().prepare(definition, definition.connectionDetails().get());
			return null;
		}
		catch (DatabaseStartException ex) {
			return ex;
		}
	}

	private static DatabaseDefinition definition(String url, String username, String tables) {
		return Definitions.of("orders", url, "username", username, "startup.required-tables", tables);
	}

}
