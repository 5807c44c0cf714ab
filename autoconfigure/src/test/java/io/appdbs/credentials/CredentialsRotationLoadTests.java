package io.appdbs.credentials;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import io.appdbs.DatabaseCredentials;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rotates the credentials of a database that many threads borrow from. The number of
 * rotations is that of the system property {@code appdbs.rotations}.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CredentialsRotationLoadTests extends AbstractCredentialsTests {

	private static final Log logger = LogFactory.getLog(CredentialsRotationLoadTests.class);

	private static final int ROTATIONS = Integer.getInteger("appdbs.rotations", 5);

	private static final int THREADS = 32;

	private static final int BORROWS_PER_ROTATION = 100;

	private final AtomicReference<DatabaseCredentials> current = new AtomicReference<>(credentials("anna", 0));

	private final AtomicInteger borrows = new AtomicInteger();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private volatile boolean over;

	@Test
	void noBorrowFailsAndNoConnectionKeepsAFormerPassword() {
		runner((name) -> this.current.get(), "app.dbs.orders.pool.max-size=8",
				"app.dbs.orders.credentials.retire-after=3s")
			.run((context) -> {
				DataSource dataSource = dataSource(context);
				for (int i = 0; i < THREADS; i++) {
					threads().execute(() -> borrow(dataSource));
				}
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				for (int i = 1; i <= ROTATIONS; i++) {
					rotate(lifecycle, i);
					awaitBorrows();
				}
				String last = query("SELECT now()");
				rotate(lifecycle, ROTATIONS + 1);
				Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> former(last) == 0);
				awaitBorrows();
				this.over = true;
				assertThat(this.failures).isEmpty();
				assertThat(usage(context).rotations()).isEqualTo(ROTATIONS + 1);
				assertThat(this.borrows.get()).isGreaterThanOrEqualTo(ROTATIONS * BORROWS_PER_ROTATION);
				logger.info("%d rotations, %d borrows, %d failures".formatted(ROTATIONS + 1, this.borrows.get(),
						this.failures.size()));
			});
	}

	/**
	 * Both the user and its password are others than before.
	 */
	private void rotate(DatabaseLifecycle lifecycle, int number) throws SQLException {
		String user = USERS.get(number % 2);
		setPassword(user, "s3cr3t-" + user + "-" + number);
		this.current.set(credentials(user, number));
		lifecycle.getOperations("orders").rotate();
	}

	private void awaitBorrows() {
		int before = this.borrows.get();
		Awaitility.await()
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.borrows.get() >= before + BORROWS_PER_ROTATION);
	}

	/**
	 * Returns how many connections were opened before a time.
	 */
	private static int former(String time) throws SQLException {
		return Integer
			.parseInt(query("SELECT count(*) FROM pg_stat_activity WHERE usename IN ('%s') AND backend_start < '%s'"
				.formatted(String.join("','", USERS), time)));
	}

	private void borrow(DataSource dataSource) {
		while (!this.over) {
			try (Connection connection = dataSource.getConnection()) {
				currentUser(connection);
				this.borrows.incrementAndGet();
			}
			catch (Throwable ex) {
				this.failures.add(ex);
			}
		}
	}

}
