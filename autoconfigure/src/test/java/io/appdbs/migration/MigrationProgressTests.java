package io.appdbs.migration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link MigrationProgress}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MigrationProgressTests {

	@TempDir
	private Path folder;

	private final FlywayPreparation preparation = new FlywayPreparation(
			Map.of("orders", new MigrationBeans(List.of(), List.of(), List.of())), null, Duration.ofMillis(500));

	@BeforeEach
	void logAsByDefault() {
		logger().setLevel(Level.INFO);
	}

	@AfterEach
	void resetLog() {
		logger().setLevel(null);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(MigrationProgress.class);
	}

	@Test
	void aStatementThatWaitsForFlywaysLockIsReportedWithTheOptionToSet(CapturedOutput output) throws Exception {
		Files.writeString(this.folder.resolve("V1__create.sql"), "CREATE TABLE item (name text);");
		Files.writeString(this.folder.resolve("V2__index.sql"), "CREATE INDEX CONCURRENTLY item_name ON item (name);");
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String url = servers.getUrl("embedded:postgresql", "orders");
			CompletableFuture<Throwable> failure = SeparateThread.supply(() -> catchThrowable(() -> prepare(url)));
			String line = "Database 'orders': migration 'V2__index.sql' has been running for 1 s. If it contains CREATE INDEX CONCURRENTLY, it waits for Flyway's lock: set 'app.dbs.orders.flyway.postgresql.transactional-lock' to false.";
			Awaitility.await().until(() -> output.getAll().contains(line));
			assertThat(failure).isNotDone();
			execute(url,
					"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%'");
			Awaitility.await().until(failure::isDone);
			assertThat(failure.get()).hasMessageContaining("V2__index.sql");
			execute(url, "DROP TABLE item, flyway_schema_history");
			prepare(url, "flyway.postgresql.transactional.lock", "false");
			Awaitility.await()
				.until(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.noneMatch((thread) -> thread.getName().equals("appdbs-migration-orders")));
		}
	}

	private void prepare(String url, String... setting) throws Exception {
		String location = "filesystem:" + this.folder;
		DatabaseDefinition definition = (setting.length > 0)
				? Definitions.of("orders", url, "flyway.locations", location, setting[0], setting[1])
				: Definitions.of("orders", url, "flyway.locations", location);
		this.preparation.prepare(definition, definition.connectionDetails().get());
	}

	private static void execute(String url, String sql) throws Exception {
		String address = url.substring(url.indexOf('@') + 1);
		try (Connection connection = DriverManager.getConnection("jdbc:postgresql://" + address + "?user=postgres");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
