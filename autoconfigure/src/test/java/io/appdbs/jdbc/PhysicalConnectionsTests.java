package io.appdbs.jdbc;

import java.sql.Connection;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
		this.connections = new PhysicalConnections(definition, definition.target().get(), () -> {
		});
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
