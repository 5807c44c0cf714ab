package io.appdbs.jdbc.pool;

import java.sql.Connection;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.jdbc.Definitions;
import io.appdbs.jdbc.RunningServers;
import io.appdbs.lifecycle.RefusedLogins;
import io.appdbs.settings.DatabaseDefinition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PhysicalConnections}.
 */
class PhysicalConnectionsTests {

	private static final RunningServers servers = new RunningServers();

	private PhysicalConnections connections;

	@BeforeEach
	void createConnections() {
		DatabaseDefinition definition = Definitions.of("test", servers.url("postgresql", "test"), "username",
				"postgres");
		this.connections = new PhysicalConnections(definition, definition.target().get(), new RefusedLogins(), () -> {
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
		ConnectionTarget formerTarget = this.connections.rotate(equal.target().get());
		Connection current = this.connections.getConnection();
		assertThat(this.connections.isInUse(formerTarget)).isTrue();
		this.connections.abort(formerTarget);
		Awaitility.await().until(former::isClosed);
		assertThat(this.connections.isInUse(formerTarget)).isFalse();
		assertThat(current.isValid(5)).isTrue();
		this.connections.close();
	}

}
