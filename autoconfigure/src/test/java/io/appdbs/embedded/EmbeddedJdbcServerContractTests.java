package io.appdbs.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Contract of embedded servers with a JDBC driver.
 */
abstract class EmbeddedJdbcServerContractTests {

	private final String engine;

	private final String displayName;

	EmbeddedJdbcServerContractTests(String engine, String displayName) {
		this.engine = engine;
		this.displayName = displayName;
	}

	String getDisplayName() {
		return this.displayName;
	}

	String getEmbeddedUrl() {
		return "embedded:" + this.engine;
	}

	String getEmbeddedUrl(Path dataDir) {
		return getEmbeddedUrl() + "?data-dir=" + dataDir;
	}

	/**
	 * Connects to a URL of {@link EmbeddedServers#getUrl}.
	 */
	Connection connect(String url) throws SQLException {
		return DriverManager.getConnection(url);
	}

	@Test
	void twoNamesAreTwoDatabasesOfOneServer() throws SQLException {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String orders = servers.getUrl(getEmbeddedUrl(), "orders");
			String archive = servers.getUrl(getEmbeddedUrl(), "order-archive");
			execute(orders, "CREATE TABLE item (id INT)");
			execute(archive, "CREATE TABLE item (id INT)");
			execute(orders, "INSERT INTO item VALUES (1)");
			assertThat(count(orders)).isOne();
			assertThat(count(archive)).isZero();
			assertThat(servers.getUrl(getEmbeddedUrl(), "orders")).isEqualTo(orders);
		}
	}

	@Test
	void whenAnotherApplicationStartsThenItHasItsOwnData() throws SQLException {
		try (EmbeddedServers servers = new EmbeddedServers(null); EmbeddedServers others = new EmbeddedServers(null)) {
			String url = servers.getUrl(getEmbeddedUrl(), "orders");
			String other = others.getUrl(getEmbeddedUrl(), "orders");
			execute(url, "CREATE TABLE item (id INT)");
			execute(other, "CREATE TABLE item (id INT)");
			others.close();
			assertThat(count(url)).isZero();
		}
	}

	@Test
	void whenContextsShareServersThenEachHasItsOwnDatabasesAndDeletesThem() throws SQLException {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			EmbeddedServers first = new EmbeddedServers(null, new SharedDatabases(servers));
			EmbeddedServers second = new EmbeddedServers(null, new SharedDatabases(servers));
			String url = first.getUrl(getEmbeddedUrl(), "orders");
			String other = second.getUrl(getEmbeddedUrl(), "orders");
			assertThat(url).isEqualTo(first.getUrl(getEmbeddedUrl(), "orders"))
				.isEqualTo(servers.getUrl(getEmbeddedUrl(), "orders"));
			assertThat(other).isEqualTo(servers.getUrl(getEmbeddedUrl(), "orders-2"));
			execute(url, "CREATE TABLE item (id INT)");
			execute(other, "CREATE TABLE item (id INT)");
			execute(url, "INSERT INTO item VALUES (1)");
			assertThat(count(other)).isZero();
			first.close();
			assertThatExceptionOfType(EmbeddedServerException.class)
				.isThrownBy(() -> first.getUrl(getEmbeddedUrl(), "orders"))
				.withMessage("The database 'orders' is not available: the application is shutting down");
			assertThat(count(other)).isZero();
			execute(servers.getUrl(getEmbeddedUrl(), "orders"), "CREATE TABLE item (id INT)");
			EmbeddedServers third = new EmbeddedServers(null, new SharedDatabases(servers));
			assertThat(third.getUrl(getEmbeddedUrl(), "orders"))
				.isEqualTo(servers.getUrl(getEmbeddedUrl(), "orders-3"));
		}
	}

	@Test
	void whenDataDirIsSetThenItIsNotSharedWithOtherContexts(@TempDir Path dataDir) throws SQLException {
		String embedded = getEmbeddedUrl(dataDir);
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			try (EmbeddedServers context = new EmbeddedServers(null, new SharedDatabases(servers))) {
				execute(context.getUrl(embedded, "orders"), "CREATE TABLE item (id INT)");
			}
			try (EmbeddedServers context = new EmbeddedServers(null, new SharedDatabases(servers))) {
				assertThat(count(context.getUrl(embedded, "orders"))).isZero();
			}
		}
	}

	@Test
	void whenDataDirIsSetThenDataIsKept(@TempDir Path dataDir) throws Exception {
		String embedded = getEmbeddedUrl(dataDir.resolve("not there yet"));
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String url = servers.getUrl(embedded, "order-archive");
			execute(url, "CREATE TABLE item (id INT)");
			execute(url, "INSERT INTO item VALUES (1)");
		}
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			assertThat(count(servers.getUrl(embedded, "order-archive"))).isOne();
		}
		assertThat(Folders.ofThisJvm()).isEmpty();
	}

	@Test
	void whenDataDirIsInUseByAnotherApplicationThenTheStartFails(@TempDir Path dataDir) throws Exception {
		String embedded = getEmbeddedUrl(dataDir);
		try (ApplicationToKill other = ApplicationToKill.start(embedded, "orders");
				EmbeddedServers servers = new EmbeddedServers(null)) {
			assertThatExceptionOfType(EmbeddedServerException.class)
				.isThrownBy(() -> servers.getUrl(embedded, "orders"))
				.withMessage("The embedded " + this.displayName + " server on data-dir '" + dataDir
						+ "' could not be started: the directory is in use by another running application");
			other.terminate();
			execute(servers.getUrl(embedded, "orders"), "CREATE TABLE item (id INT)");
		}
	}

	void execute(String url, String sql) throws SQLException {
		try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	int count(String url) throws SQLException {
		try (Connection connection = connect(url);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT count(*) FROM item")) {
			rows.next();
			return rows.getInt(1);
		}
	}

}
