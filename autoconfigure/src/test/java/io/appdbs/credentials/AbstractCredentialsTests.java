package io.appdbs.credentials;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/**
 * Base class of tests with a database {@code orders} on a PostgreSQL that wants a
 * password of its users {@code anna} and {@code bert}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class AbstractCredentialsTests {

	static final List<String> USERS = List.of("anna", "bert");

	private static EmbeddedServers servers;

	private static PGSimpleDataSource administrator;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@BeforeAll
	static void startServer() throws Exception {
		servers = new EmbeddedServers(null);
		administrator = new PGSimpleDataSource();
		administrator.setUrl("jdbc:" + servers.getUrl("embedded:postgresql", "orders").replaceFirst("//[^@]*@", "//"));
		administrator.setUser("postgres");
		String users = String.join(",", USERS);
		Files.writeString(Path.of(query("SHOW hba_file")), """
				host all %s all scram-sha-256
				host all all all trust
				""".formatted(users));
		for (String user : USERS) {
			execute("CREATE ROLE %s LOGIN PASSWORD 's3cr3t-%s-0'".formatted(user, user));
		}
		execute("SELECT pg_reload_conf()");
	}

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	@BeforeEach
	void resetPasswords() throws SQLException {
		for (String user : USERS) {
			setPassword(user, "s3cr3t-" + user + "-0");
		}
	}

	@AfterEach
	void stopThreads() {
		this.threads.shutdownNow();
	}

	ExecutorService threads() {
		return this.threads;
	}

	public static void setPassword(String user, String password) throws SQLException {
		execute("ALTER ROLE %s PASSWORD '%s'".formatted(user, password));
	}

	public static void execute(String sql) throws SQLException {
		try (Connection connection = administrator.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	static String query(String sql) throws SQLException {
		return String.join("\n", queryAll(sql));
	}

	static List<String> queryAll(String sql) throws SQLException {
		try (Connection connection = administrator.getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<String> rows = new ArrayList<>();
			while (result.next()) {
				rows.add(result.getString(1));
			}
			return rows;
		}
	}

	/**
	 * Returns how many connections a user has.
	 */
	static int connections(String user) throws SQLException {
		return Integer.parseInt(query("SELECT count(*) FROM pg_stat_activity WHERE usename = '%s'".formatted(user)));
	}

	public static DatabaseCredentials credentials(String user, int number) {
		return new DatabaseCredentials(user, "s3cr3t-%s-%d".formatted(user, number));
	}

	public static String serverUrl() {
		return administrator.getUrl().replaceFirst("\\?.*", "");
	}

	public static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

	public static CredentialsUsage usage(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders").getSnapshot().credentials();
	}

	public static String currentUser(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT current_user")) {
			result.next();
			return result.getString(1);
		}
	}

	public static String currentUser(ApplicationContext context) throws SQLException {
		try (Connection connection = dataSource(context).getConnection()) {
			return currentUser(connection);
		}
	}

	public static ApplicationContextRunner runner(DatabaseCredentialsProvider provider, String... properties) {
		return runner(properties).withBean(DatabaseCredentialsProvider.class, () -> provider);
	}

	public static ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + serverUrl(), "app.dbs.orders.pool.max-size=4",
					"app.dbs.orders.credentials.refresh-interval=50ms", "app.dbs.orders.credentials.timeout=5s")
			.withPropertyValues(properties);
	}

}
