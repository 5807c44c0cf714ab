package io.appdbs.jdbc.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.jdbc.Definitions;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.rls.WireTap;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the columns and indexes that {@link RequiredTables} checks.
 */
class RequiredColumnsAndIndexesTests {

	private static final String H2 = "jdbc:h2:mem:columns;DB_CLOSE_DELAY=-1";

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@BeforeAll
	static void createTables() throws SQLException {
		servers.execute("postgresql", "CREATE TABLE customer (id BIGINT PRIMARY KEY, email TEXT)",
				"CREATE TABLE purchase (id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL REFERENCES customer, "
						+ "amount NUMERIC(10,2), note VARCHAR(200), paid BOOLEAN, bought DATE, at TIME, "
						+ "created TIMESTAMPTZ DEFAULT now(), scan BYTEA, token UUID, payload JSONB, \"Capital\" INT, "
						+ "a_b INT, axb TEXT)",
				"CREATE INDEX purchase_customer ON purchase (customer_id DESC, created) INCLUDE (amount)",
				"CREATE UNIQUE INDEX purchase_key ON purchase (token)",
				"CREATE INDEX purchase_paid ON purchase (bought) WHERE paid",
				"CREATE INDEX purchase_lower ON purchase (lower(note), bought)", "CREATE SCHEMA \"Audit.Log\"",
				"CREATE TABLE \"Audit.Log\".event (id INT PRIMARY KEY, \"Wert %\" TEXT)",
				"CREATE VIEW open_purchase AS SELECT id, amount FROM purchase",
				"CREATE TABLE reading (id BIGINT, taken DATE) PARTITION BY RANGE (taken)",
				"CREATE TABLE reading_2026 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
				"CREATE INDEX reading_taken ON reading (taken)", "CREATE INDEX reading_id ON ONLY reading (id)",
				"CREATE TYPE mood AS ENUM ('good', 'bad')", "CREATE DOMAIN price AS NUMERIC(8,2)",
				"CREATE TABLE typed (a mood, b price, c INT[], d TIMESTAMP(3), e CHAR(3), f \"char\", g XML)",
				"CREATE SCHEMA closed", "CREATE TABLE closed.secret (id INT PRIMARY KEY)",
				"CREATE TABLE refused (id INT PRIMARY KEY)", "CREATE TABLE partly (id INT PRIMARY KEY, open INT)",
				"CREATE ROLE reader LOGIN PASSWORD 'reader'", "GRANT SELECT ON purchase TO reader",
				"GRANT SELECT (open) ON partly TO reader");
		servers.execute("mariadb", "CREATE TABLE customer (id BIGINT PRIMARY KEY, email TEXT)",
				"CREATE TABLE purchase (id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL REFERENCES customer (id), "
						+ "amount NUMERIC(10,2), note VARCHAR(200), paid BOOLEAN, bought DATE, at TIME, "
						+ "created TIMESTAMP NULL, scan BLOB, token UUID, payload JSON, `Capital` INT UNSIGNED, "
						+ "a_b INT, axb TEXT)",
				"CREATE INDEX purchase_customer ON purchase (customer_id DESC, created)",
				"CREATE UNIQUE INDEX purchase_key ON purchase (token)",
				"CREATE INDEX purchase_ignored ON purchase (bought) IGNORED",
				"CREATE VIEW open_purchase AS SELECT id, amount FROM purchase");
		RunningServers.execute(Definitions.of("h2", H2), "CREATE TABLE customer (id BIGINT PRIMARY KEY, email TEXT)",
				"CREATE TABLE purchase (id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL REFERENCES customer, "
						+ "amount NUMERIC(10,2), note VARCHAR(200), paid BOOLEAN, bought DATE, at TIME, "
						+ "created TIMESTAMP WITH TIME ZONE, scan BLOB, token UUID, payload JSON, \"Capital\" INT, "
						+ "a_b INT, axb TEXT)",
				"CREATE INDEX purchase_customer ON purchase (customer_id DESC, created)",
				"CREATE UNIQUE INDEX purchase_key ON purchase (token)",
				"CREATE VIEW open_purchase AS SELECT id, amount FROM purchase");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenAllColumnsHaveTheirTypesThenNothingIsSaid(String scheme) throws SQLException {
		String json = scheme.startsWith("m") ? "text" : "json";
		assertThat(columns(scheme, "purchase.id", "purchase.id: number", "purchase.amount: number",
				"purchase.amount: decimal", "purchase.amount: numeric(10,2)", "purchase.amount: NUMERIC(10, 2)",
				"purchase.note: text", "purchase.note: varchar", "purchase.note: varchar(200)",
				"purchase.paid: boolean", "purchase.bought: date", "purchase.at: time", "purchase.created: timestamp",
				"purchase.scan: binary", "purchase.token: uuid", "purchase.payload: " + json,
				"purchase.\"Capital\": number", "open_purchase.amount: number", "customer.email: Text"))
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenColumnsAreMissingOrOfOtherTypesThenAllAreListed(String scheme) throws SQLException {
		DatabaseStartException failure = columns(scheme, "purchase.id: uuid", "purchase.total", "basket.id",
				"purchase.amount: text", "purchase.customer_id", "purchase.note: varchar(100)");
		String id = scheme.equals("h2") ? "BIGINT" : scheme.equals("postgresql") ? "bigint" : "bigint(20)";
		String amount = switch (scheme) {
			case "h2" -> "NUMERIC(10,2)";
			case "postgresql" -> "numeric(10,2)";
			default -> "decimal(10,2)";
		};
		String note = switch (scheme) {
			case "h2" -> "CHARACTER VARYING(200)";
			case "postgresql" -> "character varying(200)";
			default -> "varchar(200)";
		};
		assertThat(failure).isNotNull()
			.hasMessageEndingWith((") lacks the required columns: purchase.id (is %s, must be uuid), purchase.total, "
					+ "basket.id (there is no such table), purchase.amount (is %s, must be text), "
					+ "purchase.note (is %s, must be varchar(100)).")
				.formatted(id, amount, note));
		assertThat(failure.getAction())
			.startsWith("Create or change them, preferably in a migration of the database, or correct "
					+ "'app.dbs.orders.startup.required-columns'. A table without schema is looked for in: ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "h2" })
	void whenTheEngineFoldsIdentifiersThenTheCaseOfAColumnDoesNotMatterUnlessQuoted(String scheme) throws SQLException {
		assertThat(columns(scheme, "PURCHASE.Customer_ID")).isNull();
		assertThat(columns(scheme, "purchase.capital", "purchase.\"customer_Id\"", "purchase.\"a%b\"")).isNotNull()
			.hasMessageEndingWith(
					"lacks the required columns: purchase.capital (there is \"Capital\"), purchase.\"customer_Id\" "
							+ "(there is %s), purchase.\"a%%b\".",
					scheme.equals("h2") ? "CUSTOMER_ID" : "customer_id");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "mysql" })
	void whenTheEngineIgnoresTheCaseOfColumnsThenItDoesNotMatter(String scheme) throws SQLException {
		assertThat(columns(scheme, "purchase.CAPITAL: int unsigned", "purchase.\"capital\"", "purchase.paid: number",
				"purchase.paid: bool"))
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenIndexesBeginWithTheColumnsThenNothingIsSaid(String scheme) throws SQLException {
		assertThat(indexes(scheme, "purchase(id)", "purchase(id) unique", "purchase(customer_id)",
				"purchase ( customer_id , created )", "purchase(token) UNIQUE", "customer(id)"))
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void whenIndexesAreMissingThenAllAreListedWithTheNearestOne(String scheme) throws SQLException {
		DatabaseStartException failure = indexes(scheme, "purchase(created)", "purchase(created, customer_id)",
				"basket(id)", "purchase(customer_id) unique", "purchase(customer_id, created, amount)",
				"open_purchase(id)");
		assertThat(failure).isNotNull();
		// H2 also has an index of the foreign key
		assertThat(failure.getMessage().replaceFirst("CONSTRAINT_INDEX_\\w+", "purchase_customer"))
			.endsWith(") lacks the required indexes: purchase(created), purchase(created, customer_id), "
					+ "basket(id) (there is no such table), purchase(customer_id) unique (purchase_customer is not "
					+ "unique), purchase(customer_id, created, amount), open_purchase(id).");
	}

	@Test
	void whenAUniqueIndexHasMoreColumnsThenItIsNotUniqueForFewer() throws SQLException {
		RunningServers.execute(Definitions.of("h2", H2),
				"CREATE TABLE slot (room INT, number INT, UNIQUE (room, number))");
		assertThat(indexes("h2", "slot(room)", "slot(room, number) unique")).isNull();
		assertThat(indexes("h2", "slot(room) unique")).isNotNull()
			.message()
			.matches(".* lacks the required indexes: slot\\(room\\) unique \\(\\S+ is unique for more columns\\)\\.");
	}

	@Test
	void whenAnIndexIsPartialOrOfAnExpressionOrInvalidThenItDoesNotCount() throws SQLException {
		createInvalidIndex();
		assertThat(indexes("postgresql", "purchase(bought)", "purchase(note)", "purchase(amount) unique", "reading(id)",
				"reading(taken)", "reading_2026(taken)"))
			.isNotNull()
			.hasMessageEndingWith(") lacks the required indexes: purchase(bought) (purchase_paid is partial), "
					+ "purchase(note), purchase(amount) unique (purchase_amount is not valid), "
					+ "reading(id) (reading_id is not valid).");
	}

	/**
	 * Creates an index over rows that are not unique, which leaves it behind.
	 */
	private static void createInvalidIndex() throws SQLException {
		servers.execute("postgresql", "INSERT INTO customer VALUES (1)",
				"INSERT INTO purchase (id, customer_id, amount) VALUES (1, 1, 5), (2, 1, 5)");
		try {
			servers.execute("postgresql", "CREATE UNIQUE INDEX CONCURRENTLY purchase_amount ON purchase (amount)");
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo("23505");
		}
	}

	@Test
	void whenMariaDbIgnoresAnIndexThenItDoesNotCount() throws SQLException {
		assertThat(indexes("mariadb", "purchase(bought)")).isNotNull()
			.hasMessageEndingWith("lacks the required indexes: purchase(bought) (purchase_ignored is not valid).");
	}

	@Test
	void whenPostgreSqlHasOtherTypesThenTheirNamesAreKnown() throws SQLException {
		assertThat(columns("postgresql", "typed.a: mood", "typed.a: text", "typed.b: price", "typed.b: number",
				"typed.c: int4[]", "typed.c: \"integer[]\"", "typed.d: timestamp(3) without time zone",
				"typed.d: timestamp", "typed.e: char(3)", "typed.g: xml", "purchase.id: int8", "purchase.id: bigserial",
				"purchase.created: timestamptz", "purchase.created: timestamp with time zone",
				"purchase.payload: jsonb", "purchase.paid: bool"))
			.isNull();
		assertThat(columns("postgresql", "typed.c: number", "typed.d: timestamptz", "typed.g: text",
				"purchase.payload: \"json\""))
			.isNotNull()
			.hasMessageEndingWith("lacks the required columns: typed.c (is integer[], must be number), "
					+ "typed.d (is timestamp(3) without time zone, must be timestamptz), "
					+ "typed.g (is xml, must be text), purchase.payload (is jsonb, must be \"json\").");
	}

	@Test
	void whenNamesAreQuotedThenTheyAreTakenLiterally() throws SQLException {
		assertThat(failure(definition("postgresql", "postgres", Map.of("startup.required-columns",
				"\"Audit.Log\".event.\"Wert %\": text", "startup.required-indexes", "\"Audit.Log\".event(id) unique"))))
			.isNull();
	}

	@Test
	void whenTheLoginMayNotUseATableThenThatIsTheReason() throws SQLException {
		DatabaseStartException failure = failure(definition("postgresql", "reader",
				Map.of("password", "reader", "startup.required-tables", "purchase,refused,closed.secret,partly,missing",
						"startup.required-columns", "purchase.id,refused.id", "startup.required-indexes",
						"refused(id)")));
		assertThat(failure).isNotNull()
			.hasMessageEndingWith("lacks the required tables: refused (the login has no privilege on the table), "
					+ "closed.secret (the login has no privilege on the table), missing; the required columns: refused.id "
					+ "(the login has no privilege on the table).");
		assertThat(failure.getAction())
			.isEqualTo("Create or change them, preferably in a migration of the database, or correct "
					+ "'app.dbs.orders.startup.required-tables' and 'app.dbs.orders.startup.required-columns'. A table without schema is looked for in: public.");
	}

	@Test
	void whenSeveralKindsAreMissingThenOneFailureListsThem() throws SQLException {
		DatabaseStartException failure = failure(definition("postgresql", "postgres",
				Map.of("startup.required-tables", "basket", "startup.required-columns", "purchase.total",
						"startup.required-indexes", "purchase(note, paid)")));
		assertThat(failure).isNotNull()
			.hasMessage(
					"Database 'orders' (PostgreSQL at %s) lacks the required tables: basket; the required columns: "
							+ "purchase.total; the required indexes: purchase(note, paid).",
					servers.address("postgresql", "test"));
		assertThat(failure.getAction()).isEqualTo("Create them, preferably in a migration of the database, or correct "
				+ "'app.dbs.orders.startup.required-tables', 'app.dbs.orders.startup.required-columns' and "
				+ "'app.dbs.orders.startup.required-indexes'. A table without schema is looked for in: public.");
	}

	@Test
	void whenNothingIsMissingThenTheRequirementsAreReported() throws SQLException {
		DatabaseDefinition definition = definition("postgresql", "postgres", Map.of("startup.required-columns",
				"purchase.id", "startup.required-indexes", "purchase(customer_id, created)"));
		assertThat(new RequiredTables().prepare(definition, definition.connectionDetails().get()))
			.containsExactlyInAnyOrderEntriesOf(
					Map.of("columns", List.of("purchase.id"), "indexes", List.of("purchase(customer_id, created)")));
	}

	@Test
	void aTableIsAskedOnceForAllThatIsRequiredOfIt() throws Exception {
		try (WireTap tap = new WireTap(servers.address("postgresql", "").replace("/", ""))) {
			DatabaseDefinition definition = Definitions.of("orders", "postgresql://" + tap.address() + "/test",
					"username", "postgres");
			try (Connection connection = JdbcConnections.openForPreparation(definition,
					definition.connectionDetails().get())) {
				SchemaLookup lookup = new SchemaLookup(connection, definition.jdbcEngine());
				int before = tap.getRoundTrips();
				for (String column : List.of("id", "scan", "note")) {
					StoredTable table = lookup.findTable(new TableName("public", "purchase"));
					assertThat(table).isNotNull();
					assertThat(lookup.findColumn(table, column)).isNotNull();
					assertThat(lookup.explain(new RequiredIndex("purchase", List.of(column), false), table))
						.isEqualTo(column.equals("id") ? null : "");
				}
				assertThat(tap.getRoundTrips() - before).as("table, columns and indexes").isEqualTo(3);
			}
		}
	}

	private static @Nullable DatabaseStartException columns(String scheme, String... columns) throws SQLException {
		return failure(scheme, "startup.required-columns", columns);
	}

	private static @Nullable DatabaseStartException indexes(String scheme, String... indexes) throws SQLException {
		return failure(scheme, "startup.required-indexes", indexes);
	}

	private static @Nullable DatabaseStartException failure(String scheme, String key, String... entries)
			throws SQLException {
		Map<String, String> settings = new HashMap<>();
		for (int i = 0; i < entries.length; i++) {
			settings.put(key + "[" + i + "]", entries[i]);
		}
		return failure(definition(scheme, scheme.equals("h2") ? "" : servers.administrator(scheme), settings));
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

	private static DatabaseDefinition definition(String scheme, String username, Map<String, String> settings) {
		String[] all = java.util.stream.Stream
			.concat(Stream.of("username", username),
					settings.entrySet().stream().flatMap((entry) -> Stream.of(entry.getKey(), entry.getValue())))
			.toArray(String[]::new);
		return Definitions.of("orders", scheme.equals("h2") ? H2 : servers.url(scheme, "test"), all);
	}

}
