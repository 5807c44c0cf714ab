package io.appdbs.credentials;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rotates the credentials of a database on MySQL that many threads borrow from. MySQL
 * verifies passwords with {@code caching_sha2_password}, which MariaDB does not have.
 */
@RequiresMySql
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MySqlCredentialsTests {

	private static final int ROTATIONS = 5;

	private static final int THREADS = 16;

	private static final int BORROWS_PER_ROTATION = 100;

	private final MySqlServer server = RealServers.mySql();

	private final AtomicReference<DatabaseCredentials> current = new AtomicReference<>();

	private final AtomicInteger borrows = new AtomicInteger();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private volatile boolean over;

	@Test
	void noBorrowFailsAndNoConnectionKeepsAFormerLogin() throws SQLException {
		String database = this.server.createDatabase("orders");
		create(database, 0);
		ExecutorService threads = Executors.newCachedThreadPool();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + this.server.getUrl(database),
					"app.dbs.orders.credentials.refresh-interval=1h", "app.dbs.orders.credentials.retire-after=1s",
					"app.dbs.orders.pool.max-size=8")
			.withBean(DatabaseCredentialsProvider.class, () -> (name) -> this.current.get())
			.run((context) -> {
				DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
				for (int i = 0; i < THREADS; i++) {
					threads.execute(() -> borrow(dataSource));
				}
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				for (int i = 1; i <= ROTATIONS; i++) {
					awaitBorrows();
					create(database, i);
					lifecycle.getOperations("orders").rotate();
				}
				awaitBorrows();
				Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> countFormer(database) == 0);
				this.over = true;
				assertThat(this.failures).isEmpty();
				assertThat(context.getBean(Databases.class).get("orders").getSnapshot().credentials().rotations())
					.isEqualTo(ROTATIONS);
			});
		threads.shutdownNow();
	}

	private void create(String database, int number) throws SQLException {
		String user = user(database, number);
		this.server.execute("CREATE USER %s IDENTIFIED BY 's3cr3t-%d'".formatted(user, number),
				"GRANT ALL ON %s.* TO %s".formatted(database, user));
		this.current.set(new DatabaseCredentials(user, "s3cr3t-" + number));
	}

	private static String user(String database, int number) {
		return database + "_" + number;
	}

	private int countFormer(String database) throws SQLException {
		return Integer.parseInt(this.server
			.query("SELECT COUNT(*) FROM performance_schema.processlist WHERE USER LIKE '%s\\_%%' AND USER <> '%s'"
				.formatted(database, user(database, ROTATIONS))));
	}

	private void awaitBorrows() {
		int before = this.borrows.get();
		Awaitility.await()
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.borrows.get() >= before + BORROWS_PER_ROTATION);
	}

	private void borrow(DataSource dataSource) {
		while (!this.over) {
			try (Connection connection = dataSource.getConnection()) {
				connection.createStatement().execute("SELECT CURRENT_USER()");
				this.borrows.incrementAndGet();
			}
			catch (Throwable ex) {
				this.failures.add(ex);
			}
		}
	}

}
