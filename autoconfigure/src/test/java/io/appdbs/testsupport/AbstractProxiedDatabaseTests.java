package io.appdbs.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/**
 * Base class for tests with a database {@code orders} behind a proxy, which many threads
 * use.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class AbstractProxiedDatabaseTests {

	private static EmbeddedServers servers;

	private static String server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private TcpProxy proxy;

	@BeforeAll
	static void startServer() {
		servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:postgresql", "orders");
		String address = url.substring(url.indexOf('@') + 1);
		server = address.substring(0, address.indexOf('/'));
	}

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	@BeforeEach
	void startProxy() throws Exception {
		this.proxy = new TcpProxy(server);
	}

	@AfterEach
	void stopProxy() {
		this.proxy.close();
		this.threads.shutdownNow();
	}

	public static String server() {
		return server;
	}

	/**
	 * Execute a statement as the administrator, not through the proxy.
	 */
	public static void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:postgresql://" + server() + "/orders?user=postgres");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	public ExecutorService threads() {
		return this.threads;
	}

	public TcpProxy proxy() {
		return this.proxy;
	}

	public static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

	public ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs-defaults.privileges.verify=off",
					"app.dbs.orders.url=postgresql://" + this.proxy.address() + "/orders",
					"app.dbs.orders.username=postgres", "app.dbs.orders.pool.max-size=2")
			.withPropertyValues(properties);
	}

}
