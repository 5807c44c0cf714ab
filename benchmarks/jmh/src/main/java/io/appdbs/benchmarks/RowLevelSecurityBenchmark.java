package io.appdbs.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Reads one row by its key under a policy, in a transaction and outside of one. The
 * budgets: as many round trips as without row-level security, a median of 10 µs more on
 * the same machine, and of 5 % more at a round trip of 4 ms.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class RowLevelSecurityBenchmark {

	private static final RlsContext USER = RlsContext.of("alice");

	private static final int COUNTED = 100;

	/** The round trip in milliseconds; without one there is no proxy either. */
	@Param({ "0", "4" })
	private int roundTrip;

	@Param
	private Flow flow;

	private EmbeddedPostgres server;

	private @Nullable DelayingProxy proxy;

	private ConfigurableApplicationContext context;

	private DataSource dataSource;

	@Setup
	public void open() throws IOException, SQLException {
		this.server = EmbeddedPostgres.start();
		createTable();
		int port = this.server.getPort();
		if (this.roundTrip > 0) {
			this.proxy = new DelayingProxy(port, Duration.ofMillis(this.roundTrip));
			port = this.proxy.getPort();
		}
		this.context = SpringApplication.run(BenchmarkApplication.class,
				"--app.dbs.notes.url=postgresql://localhost:" + port + "/postgres",
				"--app.dbs.notes.username=" + ((this.flow == Flow.BARE) ? "alice" : "app"),
				"--app.dbs.notes.rls.enabled=" + (this.flow == Flow.OURS), "--app.dbs.notes.pool.max-size=1",
				// the classic way would cost a connection each time
				"--app.dbs.notes.pool.on-session-change=" + ((this.flow == Flow.CLASSIC) ? "keep" : "replace"),
				"--app.dbs.notes.health.interval=1h", "--spring.main.banner-mode=off", "--logging.level.root=warn");
		this.dataSource = this.context.getBean("notesDataSource", DataSource.class);
	}

	private void createTable() throws SQLException {
		try (Connection connection = this.server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("""
					CREATE TABLE note (id int PRIMARY KEY, owner text NOT NULL, body text NOT NULL);
					INSERT INTO note SELECT i, CASE WHEN i % 2 = 0 THEN 'alice' ELSE 'bob' END, 'note ' || i
						FROM generate_series(1, 1000) i;
					ALTER TABLE note ENABLE ROW LEVEL SECURITY;
					CREATE POLICY own ON note
						USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
					CREATE ROLE app LOGIN;
					CREATE ROLE alice LOGIN;
					ALTER ROLE alice SET app.current_user_id = 'alice';
					GRANT SELECT ON note TO app, alice;
					ANALYZE note;
					""");
		}
	}

	/**
	 * Count the round trips, once the driver and the server know the statements.
	 */
	@TearDown
	public void close() throws Exception {
		try (EmbeddedPostgres server = this.server;
				DelayingProxy proxy = this.proxy;
				ConfigurableApplicationContext context = this.context) {
			if (proxy != null) {
				System.out.printf("%n%s: %.2f round trips in a transaction, %.2f in autocommit%n", this.flow,
						countRoundTrips(proxy, this::transaction), countRoundTrips(proxy, this::autocommit));
			}
		}
	}

	private static double countRoundTrips(DelayingProxy proxy, Callable<String> work) throws Exception {
		for (int i = 0; i < COUNTED; i++) {
			work.call();
		}
		proxy.takeTraffic();
		for (int i = 0; i < COUNTED; i++) {
			work.call();
		}
		return (double) proxy.takeTraffic().roundTrips() / COUNTED;
	}

	@Benchmark
	public String transaction() throws Exception {
		return this.flow.transaction(this.dataSource);
	}

	@Benchmark
	public String autocommit() throws Exception {
		return this.flow.autocommit(this.dataSource);
	}

	private static String readInTransaction(Connection connection, boolean set) throws SQLException {
		connection.setAutoCommit(false);
		if (set) {
			setUser(connection, "alice", true);
		}
		String body = read(connection);
		connection.commit();
		connection.setAutoCommit(true);
		return body;
	}

	private static void setUser(Connection connection, String user, boolean local) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT set_config('app.current_user_id', ?, " + local + ")")) {
			statement.setString(1, user);
			statement.execute();
		}
	}

	private static String read(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT body FROM note WHERE id = ?")) {
			statement.setInt(1, 500);
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					throw new IllegalStateException("Alice does not see her note");
				}
				return rows.getString(1);
			}
		}
	}

	/**
	 * How the policy gets to know the user.
	 */
	public enum Flow {

		/** A fixed setting of the login. */
		BARE,

		/** A statement at the beginning of the transaction, which there has to be. */
		NAIVE {
			@Override
			String transaction(DataSource dataSource) throws Exception {
				try (Connection connection = dataSource.getConnection()) {
					return readInTransaction(connection, true);
				}
			}

			@Override
			String autocommit(DataSource dataSource) throws Exception {
				return transaction(dataSource);
			}
		},

		/** A setting of the session, cleared before the connection is returned. */
		CLASSIC {
			@Override
			String transaction(DataSource dataSource) throws Exception {
				try (Connection connection = dataSource.getConnection()) {
					setUser(connection, "alice", false);
					String body = readInTransaction(connection, false);
					setUser(connection, "", false);
					return body;
				}
			}

			@Override
			String autocommit(DataSource dataSource) throws Exception {
				try (Connection connection = dataSource.getConnection()) {
					setUser(connection, "alice", false);
					String body = read(connection);
					setUser(connection, "", false);
					return body;
				}
			}
		},

		/** {@code rls.enabled}. */
		OURS {
			@Override
			String transaction(DataSource dataSource) throws Exception {
				return RlsContextHolder.callAs(USER, () -> super.transaction(dataSource));
			}

			@Override
			String autocommit(DataSource dataSource) throws Exception {
				return RlsContextHolder.callAs(USER, () -> super.autocommit(dataSource));
			}
		};

		String transaction(DataSource dataSource) throws Exception {
			try (Connection connection = dataSource.getConnection()) {
				return readInTransaction(connection, false);
			}
		}

		String autocommit(DataSource dataSource) throws Exception {
			try (Connection connection = dataSource.getConnection()) {
				return read(connection);
			}
		}

	}

}
