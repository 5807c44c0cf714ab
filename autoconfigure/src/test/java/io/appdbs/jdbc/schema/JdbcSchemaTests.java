package io.appdbs.jdbc.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.rls.WireTap;
import io.appdbs.schema.Schema;
import io.appdbs.schema.TableInformation;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TableInformation.ForeignKey;
import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JdbcSchema} as a {@code Database} returns it.
 */
class JdbcSchemaTests {

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	@BeforeAll
	static void createTables() throws SQLException {
		servers.execute("postgresql", "CREATE TABLE customer (id BIGINT PRIMARY KEY, email VARCHAR(80) NOT NULL)",
				"CREATE UNIQUE INDEX customer_email ON customer (lower(email), id) INCLUDE (email) WHERE id > 0",
				"CREATE TABLE \"Order Line\" (a INT, b INT DEFAULT 7, customer BIGINT REFERENCES customer, "
						+ "PRIMARY KEY (b, a))",
				"INSERT INTO customer SELECT i, 'x' FROM generate_series(1, 500) i", "ANALYZE customer",
				"CREATE TABLE reading (id BIGINT, taken DATE) PARTITION BY RANGE (taken)",
				"CREATE TABLE reading_2026 PARTITION OF reading FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
				"INSERT INTO reading SELECT i, '2026-01-01' FROM generate_series(1, 300) i", "ANALYZE reading_2026",
				"CREATE VIEW customer_names AS SELECT email FROM customer", "CREATE SCHEMA audit",
				"CREATE TABLE audit.event (id INT)", "CREATE SEQUENCE numbers");
		servers.execute("mariadb", "CREATE TABLE customer (id BIGINT PRIMARY KEY, email VARCHAR(80) NOT NULL)",
				"CREATE UNIQUE INDEX customer_email ON customer (email(10), id)",
				"CREATE TABLE `Order Line` (a INT, b INT DEFAULT 7, customer BIGINT, PRIMARY KEY (b, a), "
						+ "CONSTRAINT line_customer FOREIGN KEY (customer) REFERENCES customer (id))",
				"INSERT INTO customer SELECT seq, seq FROM seq_1_to_500", "ANALYZE TABLE customer",
				"CREATE VIEW customer_names AS SELECT email FROM customer");
	}

	private static void run(String scheme, ContextConsumer<ApplicationContext> test, String... properties) {
		String url = scheme.equals("h2")
				? "jdbc:h2:mem:schema;INIT=CREATE TABLE IF NOT EXISTS customer (id BIGINT PRIMARY KEY\\, email VARCHAR(80) NOT NULL)\\;CREATE TABLE IF NOT EXISTS \"Order Line\" (a INT\\, b INT DEFAULT 7\\, customer BIGINT REFERENCES customer\\, PRIMARY KEY (b\\, a))\\;CREATE VIEW IF NOT EXISTS customer_names AS SELECT email FROM customer"
				: servers.url(scheme, "test");
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.pool.max-size=1",
					"app.dbs.orders.pool.acquire-timeout=2s",
					"app.dbs.orders.username=" + (scheme.equals("h2") ? "" : servers.administrator(scheme)))
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.accept(context);
			});
	}

	private static Schema schema(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders").getSchema();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mysql", "h2" })
	void tablesColumnsAndIndexesAreFoundByTheirNames(String scheme) {
		run(scheme, (context) -> {
			Schema schema = schema(context);
			assertThat(schema.hasTable("customer")).isTrue();
			assertThat(schema.hasTable("customer_names")).isTrue();
			assertThat(schema.hasTable("\"Order Line\"")).isTrue();
			assertThat(schema.hasTable("\"order_line\"")).isFalse();
			assertThat(schema.hasTable("missing.customer")).isFalse();
			assertThat(schema.hasColumn("customer", "email")).isTrue();
			assertThat(schema.hasColumn("customer", "name")).isFalse();
			assertThat(schema.hasColumn("basket", "email")).isFalse();
			assertThat(schema.hasIndex("customer", "id")).isTrue();
			assertThat(schema.hasIndex("\"Order Line\"", "b")).isTrue();
			assertThat(schema.hasIndex("\"Order Line\"", "b", "a")).isTrue();
			assertThat(schema.hasIndex("\"Order Line\"", "a")).isFalse();
			assertThat(schema.hasIndex("basket", "id")).isFalse();
			assertThat(schema.hasIndex("customer_names", "email")).isFalse();
		});
	}

	@ParameterizedTest
	@CsvSource({ "postgresql,public", "mariadb,test", "mysql,test", "h2,PUBLIC" })
	void aTableIsDescribed(String scheme, String home) {
		run(scheme, (context) -> {
			boolean h2 = scheme.equals("h2");
			TableInformation line = schema(context).describe("\"Order Line\"");
			assertThat(line.name()).isEqualTo(home + ".\"Order Line\"");
			String integer = h2 ? "INTEGER" : scheme.equals("postgresql") ? "integer" : "int(11)";
			assertThat(line.columns()).hasSize(3)
				.startsWith(new Column(h2 ? "A" : "a", integer, TypeFamily.NUMBER, false, null),
						new Column(h2 ? "B" : "b", integer, TypeFamily.NUMBER, false, "7"));
			assertThat(line.columns().get(2).nullable()).isTrue();
			List<String> key = h2 ? List.of("B", "A") : List.of("b", "a");
			assertThat(line.primaryKey()).isEqualTo(key);
			assertThat(line.indexes())
				.anySatisfy((index) -> assertThat(index).isEqualTo(new Index(index.name(), key, true, true, false)));
			assertThat(line.foreignKeys()).singleElement()
				.satisfies((foreignKey) -> assertThat(foreignKey)
					.isEqualTo(new ForeignKey(foreignKey.name(), List.of(h2 ? "CUSTOMER" : "customer"),
							home + (h2 ? ".CUSTOMER" : ".customer"), List.of(h2 ? "ID" : "id"))));
			TableInformation view = schema(context).describe("customer_names");
			assertThat(view.columns()).extracting(Column::name).containsExactly(h2 ? "EMAIL" : "email");
			assertThat(view.indexes()).isEmpty();
			assertThat(view.primaryKey()).isEmpty();
			assertThat(view.foreignKeys()).isEmpty();
			assertThat(view.bytes()).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void theSizeIsThatOfTheStatistics(String scheme) {
		run(scheme, (context) -> {
			TableInformation customer = schema(context).describe("customer");
			assertThat(customer.rows()).isEqualTo(500);
			assertThat(customer.bytes()).isGreaterThan(8192);
		});
	}

	@Test
	void anIndexOfPostgreSqlHasExpressionsAndNoStoredColumns() {
		run("postgresql",
				(context) -> assertThat(schema(context).describe("public.customer").indexes()).containsExactly(
						new Index("customer_email", List.of("lower(email::text)", "id"), true, true, true),
						new Index("customer_pkey", List.of("id"), true, true, false)));
	}

	@Test
	void aPartitionedTableHasTheSizeOfItsPartitions() {
		run("postgresql", (context) -> {
			TableInformation reading = schema(context).describe("reading");
			assertThat(reading.rows()).isEqualTo(300);
			assertThat(reading.bytes()).isGreaterThan(8192);
		});
	}

	@Test
	void tablesOfTheSearchPathAreListed() {
		run("postgresql",
				(context) -> assertThat(schema(context).getTables()).containsExactly("\"Order Line\"", "customer",
						"customer_names", "event", "reading", "reading_2026"),
				"app.dbs.orders.url=" + servers.url("postgresql", "test") + "?currentSchema=audit,public");
		run("mariadb", (context) -> assertThat(schema(context).getTables()).containsExactly("\"Order Line\"",
				"customer", "customer_names"));
		run("h2", (context) -> assertThat(schema(context).getTables()).containsExactly("\"Order Line\"", "CUSTOMER",
				"CUSTOMER_NAMES"));
	}

	@Test
	void anUnknownTableIsRejectedWithSimilarNames() {
		run("postgresql", (context) -> {
			Schema schema = schema(context);
			assertThatIllegalArgumentException().isThrownBy(() -> schema.describe("custmer"))
				.withMessage("Database 'orders' has no table 'custmer' in: public. Did you mean 'customer'? Known "
						+ "tables: \"Order Line\", customer, customer_names, reading, reading_2026.");
			assertThatIllegalArgumentException().isThrownBy(() -> schema.describe("audit.events"))
				.withMessage("Database 'orders' has no table 'audit.events' in: audit. Did you mean 'audit.event'? "
						+ "Known tables: audit.event.");
			assertThatIllegalArgumentException().isThrownBy(() -> schema.describe("nowhere.x"))
				.withMessage("Database 'orders' has no table 'nowhere.x' in: nowhere. Known tables: none.");
		});
	}

	@Test
	void malformedNamesAreRejectedBeforeTheDatabaseIsAsked() {
		run("h2", (context) -> {
			Schema schema = schema(context);
			assertThatIllegalArgumentException().isThrownBy(() -> schema.hasTable("a b"))
				.withMessage("'a b' is not the name of a table. Write 'table' or 'schema.table', with double quotes "
						+ "around a part that has capital letters or other characters than letters, digits, '_' "
						+ "and '$'.");
			assertThatIllegalArgumentException().isThrownBy(() -> schema.hasColumn("a", "b; DROP TABLE a"))
				.withMessage("'b; DROP TABLE a' is not the name of a column. Write double quotes around a name that "
						+ "has capital letters or other characters than letters, digits, '_' and '$'.");
			assertThatIllegalArgumentException().isThrownBy(() -> schema.hasIndex("a"))
				.withMessage("'columns' must not be empty");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void aTransactionOfTheCallerIsUsedAndContinues(String scheme) {
		run(scheme, (context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				template.update("INSERT INTO customer (id, email) VALUES (1001, 'y')");
				// the only connection of the pool is that of the transaction
				assertThat(schema(context).hasColumn("customer", "email")).isTrue();
				assertThatIllegalArgumentException().isThrownBy(() -> schema(context).describe("basket"));
				assertThat(template.queryForObject("SELECT COUNT(*) FROM customer WHERE id = 1001", Integer.class))
					.isOne();
			});
			assertThat(template.update("DELETE FROM customer WHERE id = 1001")).isOne();
		});
	}

	@Test
	void whatTheTransactionOfTheCallerHasCreatedIsFound() {
		run("postgresql", (context) -> context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
			context.getBean(JdbcTemplate.class).execute("CREATE TABLE uncommitted (id INT)");
			assertThat(schema(context).hasTable("uncommitted")).isTrue();
			status.setRollbackOnly();
		}));
	}

	@Test
	void whenALookUpFailsThenTheTransactionOfTheCallerContinues() throws Exception {
		try (Connection other = new DriverManagerDataSource(
				"jdbc:" + servers.url("postgresql", "test") + "?user=postgres")
			.getConnection(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("LOCK TABLE reading_2026 IN ACCESS EXCLUSIVE MODE");
			run("postgresql", (context) -> {
				JdbcTemplate template = context.getBean(JdbcTemplate.class);
				context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
					template.update("INSERT INTO customer (id, email) VALUES (1002, 'y')");
					assertThatExceptionOfType(CannotAcquireLockException.class)
						.isThrownBy(() -> schema(context).describe("reading_2026"))
						.withMessageStartingWith("Database 'orders': Look-up of table reading_2026; ");
				});
				assertThat(template.update("DELETE FROM customer WHERE id = 1002")).isOne();
			}, "app.dbs.orders.lock-timeout=50ms");
		}
	}

	@Test
	void whenTheDatabaseIsDownThenALookUpFailsAtOnce() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://localhost:1/orders", "app.dbs.orders.username=app",
					"app.dbs.orders.required=false")
			.run((context) -> assertThatExceptionOfType(CannotGetJdbcConnectionException.class)
				.isThrownBy(() -> schema(context).hasTable("customer"))
				.withMessageStartingWith("Database 'orders': Failed to obtain JDBC Connection")
				.withCauseInstanceOf(DatabaseDownException.class));
	}

	@Test
	void whenABeanOfTheApplicationReplacesTheDatabaseThenItIsAsked() {
		try (HikariDataSource own = new HikariDataSource()) {
			own.setJdbcUrl("jdbc:h2:mem:schema-own");
			own.setAutoCommit(false);
			OwnDataSource.instance = own;
			new JdbcTemplate(own).execute("CREATE TABLE purchase (id INT PRIMARY KEY)");
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
				.withUserConfiguration(OwnDataSource.class)
				.withPropertyValues("app.dbs.orders.url=postgresql://localhost:1/orders", "app.dbs.orders.username=app")
				.run((context) -> {
					assertThat(schema(context).hasIndex("purchase", "id")).isTrue();
					assertThat(schema(context).describe("purchase").columns()).extracting(Column::type)
						.containsExactly("INTEGER");
					assertThat(own.getHikariPoolMXBean().getActiveConnections()).isZero();
				});
		}
	}

	@Test
	void rowLevelSecurityNeedsNoUserForALookUp() {
		run("postgresql", (context) -> {
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> context.getBean(JdbcTemplate.class).queryForList("SELECT 1 FROM customer"));
			assertThat(schema(context).hasColumn("customer", "email")).isTrue();
			RlsContextHolder.runAs(RlsContext.of("alice", "user"),
					() -> context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
						context.getBean(JdbcTemplate.class).queryForList("SELECT 1 FROM customer");
						assertThat(schema(context).hasColumn("customer", "email")).isTrue();
					}));
		}, "app.dbs.orders.rls.enabled=true", "app.dbs.orders.rls.verify=off");
	}

	@Test
	void aLookUpFailsAfterTheApplicationHasBeenClosed() {
		CompletableFuture<Schema> schema = new CompletableFuture<>();
		run("h2", (context) -> {
			schema.complete(schema(context));
			assertThat(schema.join().hasTable("customer")).isTrue();
		});
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> schema.join().hasTable("customer"));
	}

	@Test
	void aLookUpTakesOneRoundTripForEachPart() throws Exception {
		String url = servers.url("postgresql", "test");
		try (WireTap tap = new WireTap(servers.address("postgresql", "").replace("/", ""))) {
			run("postgresql", (context) -> {
				Schema schema = schema(context);
				// the driver reads its own types once
				schema.describe("customer");
				assertThat(count(tap, () -> schema.hasTable("public.customer"))).isEqualTo(1);
				assertThat(count(tap, () -> schema.hasTable("customer"))).isEqualTo(2);
				assertThat(count(tap, () -> schema.hasColumn("customer", "email"))).isEqualTo(3);
				assertThat(count(tap, () -> schema.hasIndex("customer", "id"))).isEqualTo(3);
				assertThat(count(tap, () -> schema.describe("public.customer"))).isEqualTo(6);
			}, "app.dbs.orders.url=" + url.replaceFirst("//[^/]+", "//" + tap.address()),
					"app.dbs.orders.health.interval=1h");
		}
	}

	private static int count(WireTap tap, Runnable task) {
		int before = tap.getRoundTrips();
		task.run();
		return tap.getRoundTrips() - before;
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		private static DataSource instance;

		@Bean(destroyMethod = "")
		@Qualifier("orders")
		DataSource mine() {
			return instance;
		}

	}

}
