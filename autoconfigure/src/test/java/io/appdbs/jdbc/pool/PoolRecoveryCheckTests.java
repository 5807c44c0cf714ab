package io.appdbs.jdbc.pool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TestDatabases;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for pools that cannot connect although the probe can.
 */
class PoolRecoveryCheckTests extends AbstractProxiedDatabaseTests {

	private static final String OPTIONAL = "app.dbs.orders.required=false";

	/** Sent by the connections of the application only. */
	private static final String WITH_OPTIONS = "app.dbs.orders.statement-timeout=10s";

	@BeforeAll
	static void createRole() throws SQLException {
		execute("CREATE ROLE single LOGIN CONNECTION LIMIT 1");
	}

	@Test
	void whenAPoolerRejectsWhatThePoolSendsThenTheDatabaseIsDownWithThatReason() {
		rejectOptions();
		runner(WITH_OPTIONS, OPTIONAL).run((context) -> {
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			assertThat(reason(context))
				.isEqualTo("the driver failed. The driver says: FATAL: unsupported startup parameter: options");
			proxy().reject(null);
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			assertThat(TestDatabases.answers(context)).isTrue();
		});
	}

	@Test
	void whenAPoolerRejectsWhatThePoolSendsThenAnApplicationThatNeedsTheDatabaseDoesNotStart() {
		rejectOptions();
		runner(WITH_OPTIONS, "app.dbs.orders.startup.timeout=1ms")
			.run((context) -> assertThat(FailureText.analyze(context.getStartupFailure()).getDescription()).isEqualTo(
					"Database 'orders' (PostgreSQL at %s/orders) could not be opened: the driver failed. The driver says: FATAL: unsupported startup parameter: options"
						.formatted(proxy().address())));
	}

	@Test
	void whenThePoolCanNoLongerConnectThenTheDatabaseIsDownAlthoughTheServerAnswers() {
		runner(WITH_OPTIONS).run((context) -> {
			assertThat(TestDatabases.answers(context)).isTrue();
			HikariPoolMXBean pool = dataSource(context).unwrap(HikariDataSource.class).getHikariPoolMXBean();
			Awaitility.await().until(() -> pool.getIdleConnections() == 2);
			rejectOptions();
			pool.softEvictConnections();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			assertThat(reason(context))
				.isEqualTo("the driver failed. The driver says: FATAL: unsupported startup parameter: options");
			proxy().reject(null);
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			assertThat(TestDatabases.answers(context)).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "connection-test-query", "connection-init-sql" })
	void whenAStatementOfThePoolFailsThenTheDatabaseIsDownUntilItSucceeds(String key) throws SQLException {
		execute("DROP TABLE IF EXISTS proof");
		LoggedLines log = new LoggedLines();
		runner(OPTIONAL, "app.dbs.orders.hikari." + key + "=SELECT * FROM proof").run((context) -> {
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			assertThat(reason(context))
				.startsWith("the driver failed. The driver says: ERROR: relation \"proof\" does not exist");
			awaitProbes(context, 3);
			assertThat(log.messages()).singleElement(InstanceOfAssertFactories.STRING)
				.startsWith("Database 'orders' is DOWN: the driver failed. The driver says: ERROR: relation");
			assertThat(log.stackTraces()).isEmpty();
			execute("CREATE TABLE proof ()");
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			assertThat(TestDatabases.answers(context)).isTrue();
		});
		log.close();
	}

	@Test
	void whenTheLoginIsLimitedToOneConnectionThenThePoolGetsItAndTheDatabaseRecovers() {
		runner("app.dbs.orders.username=single", "app.dbs.orders.pool.max-size=1").run((context) -> {
			assertThat(TestDatabases.answers(context)).isTrue();
			awaitProbes(context, 3);
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
			assertThat(TestDatabases.answers(context)).isTrue();
			proxy().refuse();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
			proxy().resume();
			Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.UP);
			awaitProbes(context, 3);
			assertThat(TestDatabases.state(context)).isEqualTo(DatabaseState.UP);
			assertThat(TestDatabases.answers(context)).isTrue();
		});
	}

	private void rejectOptions() {
		byte[] fields = "SFATAL\0C08P01\0Munsupported startup parameter: options\0\0"
			.getBytes(StandardCharsets.US_ASCII);
		byte[] answer = ByteBuffer.allocate(fields.length + 5)
			.put((byte) 'E')
			.putInt(fields.length + 4)
			.put(fields)
			.array();
		proxy().reject("\0options\0", answer);
	}

	private static void awaitProbes(ApplicationContext context, int count) {
		DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
		long before = lifecycle.getStatistics("orders").getProbes();
		Awaitility.await().until(() -> lifecycle.getStatistics("orders").getProbes() >= before + count);
	}

	private static String reason(ApplicationContext context) {
		return TestDatabases.orders(context).getSnapshot().outage().reason();
	}

}
