package io.appdbs.embedded;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Contract of embedded servers that run in a separate process.
 */
abstract class EmbeddedServerProcessContractTests extends EmbeddedJdbcServerContractTests {

	private final String program;

	EmbeddedServerProcessContractTests(String engine, String displayName, String program) {
		super(engine, displayName);
		this.program = program;
	}

	@Override
	Connection connect(String url) throws SQLException {
		URI uri = URI.create(url);
		Properties properties = new Properties();
		properties.setProperty("user", uri.getUserInfo());
		return DriverManager.getConnection("jdbc:" + url.replace(uri.getUserInfo() + "@", ""), properties);
	}

	@Test
	void concurrentCallersStartOneServer() throws Exception {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			assertThat(ConcurrentTasks.run(16, (thread) -> servers.getUrl(getEmbeddedUrl(), "orders"))).hasSize(16)
				.containsOnly(servers.getUrl(getEmbeddedUrl(), "orders"));
			assertThat(findServers()).hasSize(1);
		}
	}

	@Test
	void whenClosedThenProcessAndDirectoryAreRemovedEvenIfAClientIsConnected() throws Exception {
		EmbeddedServers servers = new EmbeddedServers(null);
		try (Connection connection = connect(servers.getUrl(getEmbeddedUrl(), "orders"))) {
			assertThat(connection.isValid(1)).isTrue();
			List<ProcessHandle> processes = findServers();
			assertThat(processes).hasSize(1);
			assertThat(Folders.ofThisJvm()).hasSize(1);
			servers.close();
			servers.close();
			assertThat(processes).noneMatch(ProcessHandle::isAlive);
			assertThat(Folders.ofThisJvm()).isEmpty();
		}
	}

	@Test
	void whenClosedWhileStartingThenTheServerIsRemoved() throws Exception {
		EmbeddedServers servers = new EmbeddedServers(null);
		SeparateThread.run(() -> servers.getUrl(getEmbeddedUrl(), "orders"));
		Awaitility.await().until(() -> !Folders.ofThisJvm().isEmpty());
		servers.close();
		assertThat(findServers()).isEmpty();
		assertThat(Folders.ofThisJvm()).isEmpty();
	}

	@Test
	void whenTheJvmWasKilledThenTheNextStartCleansUp() throws Exception {
		try (ApplicationToKill application = ApplicationToKill.start(getEmbeddedUrl(), "orders")) {
			List<ProcessHandle> orphans = application.getServers();
			assertThat(orphans).hasSize(1).allMatch(this::isServer);
			application.kill();
			assertThat(orphans).allMatch(ProcessHandle::isAlive);
			assertThat(Folders.of(application.getPid())).hasSize(1);
			try (EmbeddedServers servers = new EmbeddedServers(null)) {
				servers.getUrl(getEmbeddedUrl(), "orders");
				assertThat(orphans).noneMatch(this::isServer);
				assertThat(Folders.of(application.getPid())).isEmpty();
			}
		}
	}

	@Test
	void whenTheJvmWasKilledThenTheDataDirIsStillUsable(@TempDir Path dataDir) throws Exception {
		String embedded = getEmbeddedUrl(dataDir);
		try (ApplicationToKill application = ApplicationToKill.start(embedded, "orders")) {
			execute(application.getUrl(), "CREATE TABLE item (id INT)");
			execute(application.getUrl(), "INSERT INTO item VALUES (1)");
			List<ProcessHandle> orphans = application.getServers();
			application.kill();
			assertThat(orphans).hasSize(1).allMatch(this::isServer);
			try (EmbeddedServers servers = new EmbeddedServers(null)) {
				assertThat(count(servers.getUrl(embedded, "orders"))).isOne();
				assertThat(orphans).noneMatch(this::isServer);
			}
		}
	}

	@Test
	void aServerIsNotStoppedByOtherApplicationsAndStopsWithItsOwn() throws Exception {
		try (ApplicationToKill application = ApplicationToKill.start(getEmbeddedUrl(), "orders")) {
			try (EmbeddedServers servers = new EmbeddedServers(null)) {
				servers.getUrl(getEmbeddedUrl(), "orders");
			}
			execute(application.getUrl(), "CREATE TABLE item (id INT)");
			assertThat(count(application.getUrl())).isZero();
			List<ProcessHandle> processes = application.getServers();
			application.terminate();
			assertThat(processes).hasSize(1).noneMatch(this::isServer);
			assertThat(Folders.of(application.getPid())).isEmpty();
		}
	}

	@Test
	void whenTheServerEndsImmediatelyThenTheMessageContainsItsOutput(@TempDir Path dataDir) throws Exception {
		String embedded = getEmbeddedUrl(dataDir);
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			servers.getUrl(embedded, "orders");
		}
		damage(dataDir);
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			assertThatExceptionOfType(EmbeddedServerException.class)
				.isThrownBy(() -> servers.getUrl(embedded, "orders"))
				.withMessageStartingWith("The embedded " + getDisplayName() + " server on data-dir '" + dataDir
						+ "' could not be started: " + this.program + " ended at once: ");
		}
	}

	/**
	 * Damages the data of a stopped server.
	 */
	abstract void damage(Path dataDir) throws Exception;

	private List<ProcessHandle> findServers() {
		return ProcessHandle.current().children().filter(this::isServer).toList();
	}

	private boolean isServer(ProcessHandle process) {
		return process.info().command().filter((command) -> command.endsWith("/" + this.program)).isPresent();
	}

}
