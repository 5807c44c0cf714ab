package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.SeparateThread;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Randomized proof that every borrower gets the session that is configured, whatever the
 * ones before did: random statements, setters, failures and transactions on a small pool.
 * The number of borrows per test is {@code -Dappdbs.session.borrows}, 150 by default, and
 * {@code -Dappdbs.session.seed} repeats a run as far as threads can.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionReuseTests {

	private static final int BORROWS = Integer.getInteger("appdbs.session.borrows", 150);

	/** With fewer borrows, chance may leave out an operation. */
	private static final int MANY = 600;

	private static final long SEED = Long.getLong("appdbs.session.seed", System.nanoTime());

	private static final int THREADS = 6;

	private static final String POSTGRESQL = """
			SELECT concat_ws(',', current_setting('search_path'), current_user, current_setting('statement_timeout'),
			nullif(current_setting('app.note', true), ''), current_setting('app.configured', true),
			current_setting('application_name'), current_setting('TimeZone'), current_setting('transaction_isolation'),
			current_setting('transaction_read_only'), (SELECT count(*) FROM pg_listening_channels()),
			(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
			(SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
			(SELECT count(*) FROM pg_prepared_statements WHERE name = 'note'),
			(SELECT count(*) FROM pg_cursors WHERE is_holdable), (SELECT count(*) FROM item))""";

	private static final String MARIADB = """
			SELECT concat_ws(',', @@sql_mode, @@lock_wait_timeout, @note, @configured, database(), @@autocommit,
			@@tx_isolation, @@tx_read_only, @@max_statement_time, is_used_lock(concat('note', connection_id())),
			(SELECT count(*) FROM orders.item));SELECT 1 FROM orders.note;SELECT 1 FROM mysql.note""";

	private static final String H2 = """
			SELECT CONCAT_WS(',', SCHEMA(), LOCK_TIMEOUT(), @CONFIGURED, (SELECT LISTAGG(STATE_COMMAND, ';') WITHIN GROUP
			(ORDER BY STATE_KEY) FROM INFORMATION_SCHEMA.SESSION_STATE), (SELECT SETTING_VALUE FROM
			INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'QUERY_TIMEOUT'), (SELECT COUNT(*) FROM PUBLIC.ITEM))""";

	private static final SessionOperation END = SessionOperation.of("end", SessionReuseTests::end);

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void onPostgreSqlEveryBorrowerGetsTheConfiguredSession(boolean autoCommit) {
		String url = servers.getUrl("embedded:postgresql", "orders" + autoCommit);
		String reader = "reader_" + autoCommit;
		runner(url).run((context) -> execute(context, "CREATE SCHEMA app", "CREATE TABLE app.item (id INT)",
				"INSERT INTO app.item VALUES (1)", "CREATE ROLE " + reader, "GRANT USAGE ON SCHEMA app TO " + reader,
				"GRANT ALL ON app.item TO " + reader));
		runner(url)
			.withPropertyValues("app.dbs.orders.hikari.schema=app", "app.dbs.orders.hikari.auto-commit=" + autoCommit,
					"app.dbs.orders.hikari.connection-init-sql=SET ROLE %s; SET app.configured TO 'yes'"
						.formatted(reader))
			.run((context) -> borrow(context, POSTGRESQL, SessionOperations.postgreSql()));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void onMariaDbEveryBorrowerGetsTheConfiguredSession(boolean autoCommit) {
		String url = servers.getUrl("embedded:mariadb", "orders");
		runner(url)
			.run((context) -> execute(context, "CREATE OR REPLACE TABLE item (id INT)", "INSERT INTO item VALUES (1)"));
		runner(url + (url.contains("?") ? "&" : "?") + "allowMultiQueries=true")
			.withPropertyValues("app.dbs.orders.hikari.auto-commit=" + autoCommit,
					"app.dbs.orders.hikari.connection-init-sql=SET @configured = 'yes'")
			.run((context) -> borrow(context, MARIADB, SessionOperations.mariaDb()));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void onH2EveryBorrowerGetsTheConfiguredSession(boolean autoCommit) {
		runner("jdbc:h2:mem:session" + autoCommit
				+ ";MODE=PostgreSQL;DATABASE_TO_UPPER=TRUE;INIT=CREATE SCHEMA IF NOT EXISTS APP\\;CREATE SCHEMA IF NOT EXISTS OTHER\\;CREATE TABLE IF NOT EXISTS PUBLIC.ITEM (ID INT)\\;CREATE TABLE IF NOT EXISTS APP.ITEM (ID INT)")
			.withPropertyValues("app.dbs.orders.hikari.schema=APP", "app.dbs.orders.hikari.auto-commit=" + autoCommit,
					"app.dbs.orders.hikari.connection-init-sql=SET @CONFIGURED = 'yes'")
			.run((context) -> borrow(context, H2, SessionOperations.h2()));
	}

	private static ApplicationContextRunner runner(String url) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.pool.max-size=3",
					"app.dbs.orders.statement-timeout=33s");
	}

	private static void execute(ApplicationContext context, String... statements) {
		for (String sql : statements) {
			context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute(sql);
		}
	}

	private static void borrow(ApplicationContext context, String query, List<SessionOperation> operations)
			throws SQLException {
		DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
		String configured;
		try (Connection connection = dataSource.getConnection()) {
			configured = state(connection, query);
			assertThat(configured).contains("yes");
		}
		Set<String> effective = ConcurrentHashMap.newKeySet();
		CompletableFuture.allOf(IntStream.range(0, THREADS).mapToObj((thread) -> {
			Random random = new Random(SEED + thread);
			return SeparateThread.run(() -> {
				String last = "";
				for (int i = 0; i < BORROWS / THREADS; i++) {
					last = borrow(dataSource, query, configured, operations, random, effective, last);
				}
			});
		}).toArray(CompletableFuture[]::new)).join();
		if (BORROWS >= MANY) {
			// an operation that never does anything would prove nothing
			assertThat(operations).as("seed %d", SEED)
				.filteredOn(SessionOperation::visible)
				.extracting(SessionOperation::name)
				.isSubsetOf(effective);
		}
	}

	private static String borrow(DataSource dataSource, String query, String configured,
			List<SessionOperation> operations, Random random, Set<String> effective, String last) {
		StringBuilder done = new StringBuilder();
		try (Connection connection = dataSource.getConnection()) {
			assertThat(state(connection, query)).as("seed %d, this thread did before: %s", SEED, last)
				.isEqualTo(configured);
			if (!connection.getAutoCommit()) {
				// not all setters work in a transaction
				connection.rollback();
			}
			if (random.nextBoolean()) {
				connection.setAutoCommit(!connection.getAutoCommit());
				done.append("setAutoCommit, ");
			}
			for (int i = random.nextInt(3); i >= 0; i--) {
				SessionOperation operation = operations.get(random.nextInt(operations.size()));
				done.append(operation.name()).append(", ");
				String before = (random.nextInt(3) == 0) ? stateOrFailure(connection, query) : null;
				act(connection, operation, random);
				if (before != null && !stateOrFailure(connection, query).equals(before)) {
					effective.add(operation.name());
				}
			}
			act(connection, END, random);
			closeQuietly(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return done.toString();
	}

	/**
	 * The pool may fail to reset what was left.
	 */
	private static void closeQuietly(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			assertThat((Throwable) ex).isNotInstanceOf(SQLTransientConnectionException.class);
		}
	}

	private static void act(Connection connection, SessionOperation operation, Random random) {
		try {
			operation.action().on(connection, random);
		}
		catch (SQLException ex) {
			// in a transaction that has failed, or not allowed in one
		}
	}

	private static void end(Connection connection, Random random) throws SQLException {
		if (!connection.getAutoCommit()) {
			switch (random.nextInt(3)) {
				case 0 -> connection.rollback();
				case 1 -> connection.commit();
				default -> {
				}
			}
		}
	}

	/**
	 * Read what there is, which may be a transaction that has failed.
	 */
	private static String stateOrFailure(Connection connection, String query) {
		try {
			return state(connection, query);
		}
		catch (SQLException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private static String read(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet resultSet = statement.executeQuery(query)) {
			return resultSet.next() ? resultSet.getString(1) : "nothing";
		}
		catch (SQLException ex) {
			if (connection.isClosed()) {
				// the pool has closed it because of this failure
				throw ex;
			}
			return String.valueOf(ex.getMessage()).replaceFirst("^\\(conn=\\d+\\) ", "");
		}
	}

	/**
	 * Read what a borrower meets.
	 */
	private static String state(Connection connection, String query) throws SQLException {
		StringBuilder state = new StringBuilder();
		boolean autoCommit = connection.getAutoCommit();
		// MariaDB 11.4 can crash when asked for its temporary tables
		for (String each : query.split(";(?=SELECT 1)")) {
			state.append(read(connection, each));
		}
		Properties clientInfo = new Properties();
		clientInfo.putAll(connection.getClientInfo());
		state.append("|%s,%s,%s,%s,%s,%s,%s,%s".formatted(autoCommit, connection.isReadOnly(),
				connection.getTransactionIsolation(), connection.getHoldability(), connection.getTypeMap(), clientInfo,
				connection.getCatalog(), connection.getNetworkTimeout()));
		if (connection.isWrapperFor(PGConnection.class)) {
			PGConnection driver = connection.unwrap(PGConnection.class);
			state.append(",%s,%s,%s".formatted(driver.getPrepareThreshold(), driver.getDefaultFetchSize(),
					driver.getAutosave()));
		}
		return state.toString();
	}

}
