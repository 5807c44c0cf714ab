package io.appdbs.lifecycle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.Database;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.bean.NamedDatabases;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that closing an application closes its databases.
 */
class DatabaseShutdownTests {

	@Test
	void whenTheApplicationIsClosedThenEverythingThatWasOpenedIsClosed() throws Exception {
		Set<ProcessHandle> processesBefore = processes();
		List<HikariDataSource> pools;
		MongoClient client;
		DatabaseLifecycle databases;
		Collection<ProcessHandle> servers;
		try (ConfigurableApplicationContext context = NamedDatabases.start()) {
			pools = new ArrayList<>();
			for (DataSource dataSource : context.getBeansOfType(DataSource.class).values()) {
				pools.add(dataSource.unwrap(HikariDataSource.class));
			}
			client = context.getBean(MongoClient.class);
			databases = (DatabaseLifecycle) context.getBean(Databases.class);
			servers = processes();
			servers.removeAll(processesBefore);
			assertThat(pools).hasSize(4).noneMatch(HikariDataSource::isClosed);
			assertThat(servers).isNotEmpty();
		}
		assertThat(pools).allMatch(HikariDataSource::isClosed);
		assertThatIllegalStateException().isThrownBy(() -> client.getDatabase("catalog").listCollectionNames().first())
			.withMessage("state should be: open");
		assertThat(databases).extracting(Database::getState).containsOnly(DatabaseState.CLOSED);
		// a worker of a server that other tests share may be among them, and ends by
		// itself
		Awaitility.await().untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
		assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> databases.getConnector("orders", JdbcDatabaseConnector.class))
			.withMessage("Database 'orders' is closed.");
	}

	private static Set<ProcessHandle> processes() {
		try (Stream<ProcessHandle> processes = ProcessHandle.current().descendants()) {
			return new HashSet<>(processes.toList());
		}
	}

}
