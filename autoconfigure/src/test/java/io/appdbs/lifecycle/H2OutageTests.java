package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for outages of H2 on a server, whose driver can neither limit a read later nor
 * abort a connection.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class H2OutageTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private Server server;

	private TcpProxy proxy;

	@BeforeEach
	void startServer() throws Exception {
		this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		this.proxy = new TcpProxy("127.0.0.1:" + this.server.getPort());
	}

	@AfterEach
	void stopServer() {
		this.proxy.close();
		this.server.stop();
		this.threads.shutdownNow();
	}

	@Test
	void whenConnectionsAreSilentThenCallersAreNotBlockedAndTheDatabaseRecovers() {
		runner("").run((context) -> {
			DataSource dataSource = context.getBean("stockDataSource", DataSource.class);
			Database stock = context.getBean(Databases.class).get("stock");
			// so that they are validated
			TestDatabases.await(() -> stock.getSnapshot().pool().idle() == 2);
			Thread.sleep(600);
			this.proxy.swallow();
			Future<Connection> first = this.threads.submit((Callable<Connection>) dataSource::getConnection);
			Future<Connection> second = this.threads.submit((Callable<Connection>) dataSource::getConnection);
			TestDatabases.await(() -> stock.getState() == DatabaseState.DOWN);
			TestDatabases.await(() -> first.isDone() && second.isDone());
			this.proxy.resume();
			TestDatabases.await(() -> stock.getState() == DatabaseState.UP);
			TestDatabases.await(() -> answers(dataSource));
			TestDatabases.await(() -> stock.getSnapshot().pool().active() == 0);
		});
		TestDatabases.await(() -> TestDatabases.threads("stock:").isEmpty());
	}

	@Test
	void theReadTimeoutInTheUrlIsKept() {
		runner(";NETWORK_TIMEOUT=45000").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(answers(context.getBean("stockDataSource", DataSource.class))).isTrue();
		});
	}

	private static boolean answers(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private ApplicationContextRunner runner(String parameters) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues(
					"app.dbs.stock.url=jdbc:h2:tcp://" + this.proxy.address() + "/mem:stock;DB_CLOSE_DELAY=-1"
							+ parameters,
					"app.dbs.stock.username=sa", "app.dbs.stock.pool.max-size=2",
					"app.dbs.stock.pool.acquire-timeout=1s", "app.dbs.stock.health.abort-after=2s");
	}

}
