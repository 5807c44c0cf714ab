package io.appdbs.jdbc.pool;

import java.sql.Connection;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.jdbc.Definitions;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.lifecycle.FailedLogins;
import io.appdbs.settings.DatabaseDefinition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverDataSource}.
 */
class DriverDataSourceTests {

	private static final RunningServers servers = new RunningServers();

	private DriverDataSource connections;

	@BeforeEach
	void createConnections() {
		DatabaseDefinition definition = Definitions.of("test", servers.url("postgresql", "test"), "username",
				"postgres");
		this.connections = new DriverDataSource(definition, definition.connectionDetails().get(), new FailedLogins(),
				() -> {
				}, false);
	}

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	@Test
	void whatIsOpenedAfterTheEndIsEnded() throws Exception {
		this.connections.close();
		Connection late = this.connections.getConnection();
		Awaitility.await().until(late::isClosed);
	}

	@Test
	void whenThePoolIsClosedThenItWaitsForWhatOpensConnections() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool");
		Level level = logger.getLevel();
		ListAppender<ILoggingEvent> warnings = new ListAppender<>();
		warnings.start();
		logger.setLevel(Level.WARN);
		logger.addAppender(warnings);
		try {
			for (int i = 0; i < 5; i++) {
				HikariDataSource pool = new HikariDataSource();
				pool.setDataSource(this.connections);
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
		this.connections.close();
	}

	@Test
	void onlyConnectionsToTheFormerTargetAreEnded() throws Exception {
		Connection former = this.connections.getConnection();
		DatabaseDefinition equal = Definitions.of("test", servers.url("postgresql", "test"));
		DatabaseConnectionDetails formerTarget = this.connections.rotate(equal.connectionDetails().get());
		Connection current = this.connections.getConnection();
		assertThat(this.connections.isInUse(formerTarget)).isTrue();
		this.connections.abort(formerTarget);
		Awaitility.await().until(former::isClosed);
		assertThat(this.connections.isInUse(formerTarget)).isFalse();
		assertThat(current.isValid(5)).isTrue();
		this.connections.close();
	}

}
