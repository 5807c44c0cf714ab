package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.Definitions;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link DriverDataSource}.
 */
class DriverDataSourceTests {

	@AutoClose
	private static final RunningServers servers = new RunningServers();

	private DriverDataSource dataSource;

	@BeforeEach
	void createConnections() {
		DatabaseDefinition definition = Definitions.of("test", servers.url("postgresql", "test"), "username",
				"postgres");
		this.dataSource = new DriverDataSource(definition, definition.connectionDetails().get(), new FailedLogins(),
				() -> {
				}, false);
	}

	@Test
	void connectionsOpenedAfterCloseAreAborted() throws Exception {
		this.dataSource.getOpenConnections().close();
		Connection late = this.dataSource.getConnection();
		Awaitility.await().until(late::isClosed);
	}

	@Test
	void anAbandonedAttemptToConnectIsReportedAsAServerThatDidNotAnswer() throws Exception {
		String url = servers.url("postgresql", "test");
		try (TcpProxy proxy = new TcpProxy(url.replaceFirst(".*(?://|@)([^/@]+)/.*", "$1"))) {
			proxy.beSilent();
			DatabaseDefinition definition = Definitions.of("test",
					url.replaceFirst("(.*(?://|@))[^/@]+(/.*)", "$1" + proxy.address() + "$2"), "username", "postgres");
			DriverDataSource silent = new DriverDataSource(definition, definition.connectionDetails().get(),
					new FailedLogins(), () -> {
					}, false);
			CompletableFuture<Throwable> failure = SeparateThread.supply(() -> catchThrowable(silent::getConnection));
			Awaitility.await().until(() -> proxy.accepted() == 1);
			silent.abandonAttempts();
			assertThat(definition.engine().classify(failure.get()).describe(failure.get()))
				.isEqualTo("the host did not answer in time. The driver says: The attempt to connect was abandoned");
		}
	}

	@Test
	void whenThePoolIsClosedThenItWaitsForItsConnectingThreads() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool");
		Level level = logger.getLevel();
		ListAppender<ILoggingEvent> warnings = new ListAppender<>();
		warnings.start();
		logger.setLevel(Level.WARN);
		logger.addAppender(warnings);
		try {
			for (int i = 0; i < 5; i++) {
				HikariDataSource pool = new HikariDataSource();
				pool.setDataSource(this.dataSource);
				pool.getConnection().close();
				Awaitility.await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == 10);
				pool.close();
			}
		}
		finally {
			logger.detachAppender(warnings);
			logger.setLevel(level);
		}
		assertThat(warnings.list).isEmpty();
		this.dataSource.getOpenConnections().close();
	}

	@Test
	void onlyConnectionsWithTheFormerDetailsAreAborted() throws Exception {
		Connection formerConnection = this.dataSource.getConnection();
		DatabaseDefinition equal = Definitions.of("test", servers.url("postgresql", "test"));
		DatabaseConnectionDetails former = this.dataSource.rotate(equal.connectionDetails().get());
		Connection current = this.dataSource.getConnection();
		assertThat(this.dataSource.getOpenConnections().contains(former)).isTrue();
		this.dataSource.getOpenConnections().abort(former);
		Awaitility.await().until(formerConnection::isClosed);
		assertThat(this.dataSource.getOpenConnections().contains(former)).isFalse();
		assertThat(current.isValid(5)).isTrue();
		this.dataSource.getOpenConnections().close();
	}

}
