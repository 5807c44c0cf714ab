package io.appdbs.rls;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseState;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.RestartablePostgres;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Randomized proof that no row of another user is read in auto-commit mode or on a
 * replica, while the login and the privileges of the application change. The number of
 * units of work that succeed is {@code -Dappdbs.rls.units}, 2,000 by default.
 */
class RlsChangeLeakTests {

	private static final int UNITS = Integer.getInteger("appdbs.rls.units", 1_000);

	private static RestartablePostgres primary;

	private static RestartablePostgres standby;

	private final AtomicReference<DatabaseCredentials> credentials = new AtomicReference<>(
			new DatabaseCredentials("app", "any"));

	@BeforeAll
	static void startServers() throws Exception {
		primary = RestartablePostgres.create();
		primary.execute("postgres", """
				CREATE ROLE app LOGIN;
				CREATE ROLE successor LOGIN;
				CREATE ROLE bypassing LOGIN BYPASSRLS;
				CREATE ROLE escape BYPASSRLS;
				CREATE TABLE note (owner text NOT NULL, body text, id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
				ALTER TABLE note ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON note
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app, successor, bypassing;
				INSERT INTO note (owner, body) SELECT 'user' || u, 'b' || i
					FROM generate_series(0, 7) u, generate_series(1, 10) i""");
		standby = primary.createStandby();
	}

	@AfterAll
	static void stopServers() throws Exception {
		standby.close();
		primary.close();
	}

	@Test
	@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void noUserSeesRowsOfAnotherWhileLoginsAndPrivilegesChange() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean(DatabaseCredentialsProvider.class, () -> (name) -> this.credentials.get())
			.withPropertyValues("app.dbs.notes.url=postgresql://" + primary.address() + "/postgres",
					"app.dbs.notes.replicas[0].url=postgresql://" + standby.address() + "/postgres",
					"app.dbs.notes.replica-reads.read-own-writes-for=0", "app.dbs.notes.rls.enabled=true",
					"app.dbs.notes.rls.verify-interval=1s", "app.dbs.notes.credentials.refresh-interval=1h",
					"app.dbs.notes.pool.max-size=4", "app.dbs.notes.pool.acquire-timeout=500ms")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Run run = new Run(context);
				ExecutorService threads = Executors.newFixedThreadPool(LeakRun.THREADS + 1);
				Future<?> changes = threads.submit(() -> change(context.getBean(DatabaseLifecycle.class), run));
				run.work(threads, run::unitsUntilOver);
				changes.get();
				threads.shutdownNow();
				run.assertNoLeak(UNITS);
			});
	}

	/**
	 * Change login and privileges, as long as there is work. A privilege that is granted
	 * here gives no rows away by itself.
	 */
	private void change(DatabaseLifecycle lifecycle, Run run) {
		SplittableRandom random = new SplittableRandom(7);
		try {
			do {
				LockSupport.parkNanos(random.nextInt(50_000_000));
				switch (random.nextInt(8)) {
					case 0, 4, 5 -> rotate(lifecycle, random.nextBoolean() ? "app" : "successor");
					case 1 -> {
						DatabaseCredentials current = this.credentials.get();
						assertThat(catchThrowable(() -> rotate(lifecycle, "bypassing")))
							.isInstanceOf(IllegalDatabaseOperationException.class)
							.hasMessageContaining("BYPASSRLS");
						this.credentials.set(current);
					}
					case 2 -> {
						primary.execute("postgres", "GRANT escape TO app, successor");
						lifecycle.getOperations("notes").verify();
						assertThat(lifecycle.get("notes").getState()).isEqualTo(DatabaseState.DOWN);
						primary.execute("postgres", "REVOKE escape FROM app, successor");
						lifecycle.getOperations("notes").verify();
						Awaitility.await().until(() -> lifecycle.get("notes").getState() == DatabaseState.UP);
					}
					default -> lifecycle.getOperations("notes").verify();
				}
			}
			while (!run.isOver());
		}
		catch (Exception | AssertionError ex) {
			run.wrong.add("change failed: " + ex);
		}
	}

	private void rotate(DatabaseLifecycle lifecycle, String user) {
		this.credentials.set(new DatabaseCredentials(user, "any"));
		lifecycle.getOperations("notes").rotate();
	}

	/**
	 * A kind of work.
	 */
	private enum Unit {

		CURSOR, TABLE, PLAIN_CURSOR, EXPLAIN, VALUES, GENERATED_KEYS, RETURNING, REPLICA, TRANSACTION, NO_USER

	}

	/**
	 * One run.
	 */
	private static final class Run extends LeakRun<Unit> {

		private final TransactionTemplate readOnly;

		/** Of what succeeded: while the database is down, everything else fails. */
		private final AtomicInteger number = new AtomicInteger();

		Run(ApplicationContext context) {
			super(context, Unit.class);
			this.readOnly = new TransactionTemplate(
					context.getBean("notesTransactionManager", PlatformTransactionManager.class));
			this.readOnly.setReadOnly(true);
		}

		boolean isOver() {
			return this.number.get() >= UNITS;
		}

		void unitsUntilOver(SplittableRandom random) {
			while (!isOver()) {
				unit(Unit.values()[random.nextInt(Unit.values().length)], random);
			}
		}

		private void unit(Unit unit, SplittableRandom random) {
			String user = "user" + random.nextInt(USERS);
			try {
				if (unit == Unit.NO_USER) {
					assertThat(catchThrowable(() -> this.template.queryForList("SELECT owner FROM note"))).isNotNull();
				}
				else {
					RlsContextHolder.callAs(RlsContext.of(user), () -> {
						work(unit, user, random);
						return null;
					});
				}
				count(unit);
				this.number.incrementAndGet();
			}
			catch (DataAccessException | TransactionException | SQLException ex) {
				// the database was down, or the connection ended with the login
				LockSupport.parkNanos(1_000_000);
			}
			catch (Exception ex) {
				this.wrong.add(unit + " failed: " + ex);
			}
		}

		private void work(Unit unit, String user, SplittableRandom random) throws Exception {
			switch (unit) {
				case REPLICA -> this.readOnly.executeWithoutResult((status) -> read(user, "SELECT owner FROM note"));
				case TRANSACTION -> this.transaction.executeWithoutResult((status) -> {
					this.template.update("UPDATE note SET body = ?", user);
					read(user, "SELECT body FROM note");
				});
				default -> {
					try (Connection connection = this.dataSource.getConnection()) {
						autoCommit(unit, connection, user, random.nextInt(4));
					}
				}
			}
		}

		private void autoCommit(Unit unit, Connection connection, String user, int fetchSize) throws SQLException {
			switch (unit) {
				case CURSOR -> prepared(connection, "SELECT owner FROM note WHERE id > ?", user, fetchSize, 0);
				case TABLE -> plain(connection, "TABLE note", user, fetchSize);
				case PLAIN_CURSOR -> plain(connection, "SELECT owner FROM note", user, fetchSize);
				case EXPLAIN -> plain(connection, "EXPLAIN SELECT owner FROM note", ANY_USER, fetchSize);
				case VALUES -> plain(connection,
						"VALUES ((SELECT min(owner) FROM note)), ((SELECT max(owner) FROM note))", user, fetchSize);
				case GENERATED_KEYS -> generatedKeys(connection, user, 0);
				case RETURNING -> prepared(connection, "UPDATE note SET body = owner WHERE id > ? RETURNING owner",
						user, fetchSize, 0);
				default -> throw new AssertionError(unit);
			}
		}

	}

}
