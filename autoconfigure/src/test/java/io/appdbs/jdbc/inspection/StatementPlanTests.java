package io.appdbs.jdbc.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.support.DatabaseInspection;
import io.appdbs.rls.PostgresServer;
import io.appdbs.testsupport.TestDatabases;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for plans of statements, on PostgreSQL and H2.
 */
class StatementPlanTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE ROLE app LOGIN;
			CREATE ROLE monitor LOGIN IN ROLE pg_monitor;
			CREATE SCHEMA shop AUTHORIZATION app;
			CREATE SCHEMA other AUTHORIZATION app;
			CREATE SEQUENCE numbers;
			GRANT ALL ON numbers TO app;
			CREATE TABLE hidden (id INT);
			CREATE TABLE shop.item (id INT PRIMARY KEY, name TEXT, doc JSONB, created TIMESTAMP);
			CREATE TABLE other.item (only_here INT);
			INSERT INTO shop.item SELECT i, 'name ' || i, '{}', now() FROM generate_series(1, 5000) i;
			CREATE INDEX item_name ON shop.item (name);
			ALTER TABLE shop.item OWNER TO app;
			ALTER TABLE other.item OWNER TO app;
			CREATE TABLE called (function TEXT);
			GRANT ALL ON called TO app;
			CREATE FUNCTION volatile_call() RETURNS INT LANGUAGE plpgsql AS
				'BEGIN INSERT INTO public.called VALUES (''volatile''); RETURN 1; END';
			CREATE FUNCTION unchanged() RETURNS INT IMMUTABLE LANGUAGE plpgsql AS
				'BEGIN PERFORM nextval(''public.numbers''); RETURN 1; END';
			CREATE FUNCTION slow_plan() RETURNS INT IMMUTABLE LANGUAGE plpgsql AS
				'BEGIN PERFORM pg_sleep(60); RETURN 1; END';
			ALTER ROLE app SET search_path = shop, public;
			ANALYZE;
			""");

	@BeforeEach
	@AfterEach
	void nothingIsLeftBehind() throws SQLException {
		assertThat(query("SELECT count(*) FROM called")).containsExactly("0");
		assertThat(query("SELECT count(*) FROM shop.item")).containsExactly("5000");
		assertThat(query("SELECT is_called FROM numbers")).containsExactly("f");
		assertThat(query("SELECT count(*) FROM pg_class WHERE relname = 'copied'")).containsExactly("0");
	}

	@Test
	void thePlanIsGenericAndHasNoValues() {
		run((inspection) -> assertThat(inspection.explain("select * from item where name = ? and id > ?", true))
			.contains("item_name", "(name = $1)", "(id > $2)")
			.doesNotContain("NULL", "One-Time Filter"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "select 1 from item where name = ?;", "/* ? */ select '?', ? :: int -- ?",
			"select * from item where doc ?? 'a' and id = ?", "select * from item where doc ??| array['a'] limit ?",
			"insert into item (id, name) values (?, ?)", "update item set name = ? where id = ?",
			"delete from item where id = ?", "insert into item (id) values (?) on conflict do nothing returning id",
			"merge into item i using (select ?::int as id) s on i.id = s.id when matched then delete",
			"with gone as (delete from item where id = ? returning *) select * from gone",
			"select '{fn user()}', '{a}'::text[] from item where id = ?",
			"select $$;'?$$, E'\\'?;', name from item where id = ?", "select ?||name from item",
			"(select id from item where id = ?) union all (select 1)", "select * from item where id = ? for update",
			"select id into copied from item", "select nextval('public.numbers')", "select pg_sleep(60)",
			"select pg_terminate_backend(pg_backend_pid())" })
	void statementsHaveAPlanAndAreNotExecuted(String sql) {
		run((inspection) -> assertThat(inspection.explain(sql, true)).contains("cost="));
	}

	@Test
	void questionMarksOfAStatementThatIsNotPreparedAreOperators() {
		run((inspection) -> assertThat(inspection.explain("select * from item where doc ? 'a' and id = 1", false))
			.contains("(doc ? 'a'::text)"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "select 1; delete from item", "select 1;; delete from item",
			"select ';'; delete from item", "select 1; commit; delete from item",
			"select '{fn user()}'; delete from item", "select 'a\\''; delete from item; --'" })
	void severalStatementsAreRejectedAndNoneIsExecuted(String sql) {
		for (String mode : List.of("extended", "simple")) {
			run((inspection) -> assertThatExceptionOfType(InspectionException.class)
				.isThrownBy(() -> inspection.explain(sql, true))
				.withMessage("The text has several statements."),
					"app.dbs.orders.hikari.data-source-properties.preferQueryMode=" + mode);
		}
	}

	@Test
	void thePlanIsTheSameInTheSimpleProtocol() {
		run((inspection) -> assertThat(inspection.explain("select * from item where name = ?", true))
			.contains("(name = $1)"), "app.dbs.orders.hikari.data-source-properties.preferQueryMode=simple");
	}

	@Test
	void aVolatileFunctionIsNotCalledAndAnImmutableOneCannotWrite() {
		run((inspection) -> {
			assertThat(inspection.explain("select volatile_call()", true)).contains("Result");
			assertFails(() -> inspection.explain("select unchanged()", true), ReportStatus.UNSUPPORTED,
					"The server does not plan the statement: PSQLException(25006).");
		});
	}

	@Test
	void theServerCancelsPlanningThatTakesLong() {
		run((inspection) -> assertFails(() -> inspection.explain("select slow_plan()", true), ReportStatus.TIMED_OUT,
				"The server has cancelled the statement, which took longer than 'app.dbs.orders.inspection.timeout' or the rest of the time for the inspection."),
				"app.dbs.orders.inspection.timeout=100ms");
	}

	@Test
	void aLockIsNotWaitedFor() {
		run((inspection) -> {
			try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("LOCK TABLE shop.item IN ACCESS EXCLUSIVE MODE");
				assertFails(() -> inspection.explain("select * from item", true), ReportStatus.TIMED_OUT,
						"A lock that another session holds was not granted in time.");
			}
			assertThat(inspection.explain("select * from item", true)).contains("Seq Scan");
		});
	}

	@Test
	void aTypeThatTheServerCannotInferIsSaid() {
		run((inspection) -> assertFails(
				() -> inspection.explain("select * from item where created > ? - interval '1 day' and ? is null", true),
				ReportStatus.UNSUPPORTED,
				"The server cannot infer the type of a parameter, which the driver sends with its value."));
	}

	@Test
	void messagesOfTheServerAreNotRepeated() {
		run((inspection) -> {
			assertFails(() -> inspection.explain("select 's3cr3t'::int", true), ReportStatus.UNSUPPORTED,
					"The server does not plan the statement: PSQLException(22P02).");
			assertFails(() -> inspection.explain("select * from hidden", true), ReportStatus.UNSUPPORTED,
					"The server does not plan the statement: PSQLException(42501).");
			assertFails(() -> inspection.explain("select * from only_elsewhere", true), ReportStatus.UNSUPPORTED,
					"The connections of the application do not find a table by themselves.");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "hikari.schema=other", "hikari.connection-init-sql=set search_path = other",
			"hikari.data-source-properties.currentSchema=other" })
	void theSchemasAreThoseOfTheConnectionsOfTheApplication(String setting) {
		run((inspection) -> assertThat(inspection.explain("select only_here from item", true)).contains("Seq Scan"),
				"app.dbs.orders." + setting);
		run((inspection) -> assertThat(inspection.explain("select name from item", true)).contains("Seq Scan"));
	}

	@Test
	void theLoginIsThatOfTheApplicationAlthoughAnotherOneInspects() {
		run((inspection) -> assertThat(inspection.explain("select name from item where current_user = ?", true))
			.contains("Seq Scan"), "app.dbs.orders.inspection.username=monitor",
				"app.dbs.orders.inspection.password=unused");
	}

	@Test
	void policiesOfTheLoginAreInThePlan() throws SQLException {
		server.execute("""
				CREATE TABLE own (id INT, owner TEXT); GRANT SELECT ON own TO app, monitor;
				ALTER TABLE own ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON own TO app USING (owner = 'mine');
				CREATE POLICY everything ON own TO monitor USING (true)""");
		run((inspection) -> assertThat(inspection.explain("select id from own", true))
			.contains("(owner = 'mine'::text)"), "app.dbs.orders.inspection.username=monitor",
				"app.dbs.orders.inspection.password=unused");
	}

	@Test
	void nothingIsKeptOnTheServer() throws Exception {
		run((inspection) -> {
			for (int i = 0; i < 3; i++) {
				inspection.explain("update item set name = ? where id = ?", true);
			}
		});
		assertThat(
				query("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'item'"))
			.containsExactly("0");
		assertThat(query("SELECT n_tup_upd FROM pg_stat_user_tables WHERE schemaname = 'shop'")).containsExactly("0");
	}

	@Test
	void h2ExplainsWithoutExecuting() {
		runH2((context, inspection) -> {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			for (String sql : List.of("select * from item where name = ? and id > ?",
					"insert into item values (?, 'a')", "update item set name = ?", "delete from item where id = ?;",
					"merge into item key (id) values (?, ?)",
					"with x as (select * from item where id = ?) select * from x",
					"select id from final table (insert into item values (99, 'x'))",
					"select next value for numbers")) {
				assertThat(inspection.explain(sql, true)).as(sql).isNotBlank();
			}
			assertThat(inspection.explain("select * from item where id = ?", true)).contains("PRIMARY_KEY", "?1");
			assertFails(() -> inspection.explain("select 1; delete from item", true), ReportStatus.UNSUPPORTED,
					"The text has several statements.");
			assertFails(() -> inspection.explain("select 1; // ' \n delete from item", true), ReportStatus.UNSUPPORTED,
					"The text has several statements.");
			assertFails(() -> inspection.explain("select * from missing", true), ReportStatus.UNSUPPORTED,
					"The server does not plan the statement: JdbcSQLSyntaxErrorException(42S02).");
			assertThat(template.queryForList("select id, name from item")).hasToString("[{ID=1, NAME=one}]");
			assertThat(template.queryForObject("select next value for numbers", Integer.class)).isOne();
		});
	}

	@Test
	void whatAFunctionOfH2WritesWhilePlanningIsRolledBack() {
		runH2((context, inspection) -> {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			template
				.execute("create alias constant deterministic for '%s.insert'".formatted(Functions.class.getName()));
			template.execute("create alias volatile for '%s.insert'".formatted(Functions.class.getName()));
			Functions.calls.set(0);
			assertThat(inspection.explain("select volatile(7) from item where id = ?", true)).isNotBlank();
			assertThat(Functions.calls).hasValue(0);
			assertThat(inspection.explain("select constant(7) from item where id = ?", true)).isNotBlank();
			assertThat(Functions.calls).as("H2 calls it while it plans").hasPositiveValue();
			assertThat(template.queryForList("select id from item")).hasSize(1);
		});
	}

	@Test
	void theSchemaOfH2IsThatOfTheConnectionsOfTheApplication() {
		runH2((context, inspection) -> {
			context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("create table other.elsewhere (id int)");
			assertThat(inspection.explain("select * from elsewhere", true)).contains("ELSEWHERE.tableScan");
		}, "app.dbs.orders.hikari.schema=OTHER");
	}

	private static void assertFails(ThrowingCallable call, ReportStatus status, String message) {
		assertThatExceptionOfType(InspectionException.class).isThrownBy(call)
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(status));
	}

	private static void run(InspectionTest test, String... properties) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + server.address() + "/orders",
					"app.dbs.orders.username=app", "app.dbs.orders.pool.max-size=2")
			.withPropertyValues(properties)
			.run(consumer((context, inspection) -> test.run(inspection)));
	}

	private static void runH2(ContextTest test, String... properties) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:statement-plans;INIT=create schema if not exists other")
			.withPropertyValues(properties)
			.run(consumer((context, inspection) -> {
				JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				template.execute("create table public.item (id int primary key, name varchar)");
				template.execute("create sequence public.numbers");
				template.update("insert into public.item values (1, 'one')");
				test.run(context, inspection);
			}));
	}

	private static ContextConsumer<AssertableApplicationContext> consumer(ContextTest test) {
		return (context) -> test.run(context, (DatabaseInspection) TestDatabases.orders(context).inspect());
	}

	private static List<String> query(String sql) throws SQLException {
		try (Connection connection = server.connect()) {
			return SqlQueries.queryForList(connection, sql);
		}
	}

	/**
	 * Called by H2.
	 */
	public static final class Functions {

		private static final AtomicInteger calls = new AtomicInteger();

		private Functions() {
		}

		public static int insert(Connection connection, int id) throws SQLException {
			calls.incrementAndGet();
			try (Statement statement = connection.createStatement()) {
				return statement.executeUpdate("insert into public.item values (%d, 'x')".formatted(id));
			}
		}

	}

	private interface InspectionTest {

		void run(DatabaseInspection inspection) throws Exception;

	}

	private interface ContextTest {

		void run(ApplicationContext context, DatabaseInspection inspection) throws Exception;

	}

}
