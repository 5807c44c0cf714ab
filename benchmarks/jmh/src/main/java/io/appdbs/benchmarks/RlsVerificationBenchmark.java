package io.appdbs.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.rls.verify.RlsVerification;
import io.appdbs.settings.DatabaseDefinition;
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
 * The proof at the start that policies bind, with its own connection, on many tables with
 * two policies each, whose conditions are all different. The budget: 100 ms of the
 * server's time for the proof of the policies of 500 tables.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class RlsVerificationBenchmark {

	@Param({ "1", "500" })
	private int tables;

	private EmbeddedPostgres server;

	private ConfigurableApplicationContext context;

	private DatabaseDefinition definition;

	@Setup
	public void open() throws IOException, SQLException {
		this.server = EmbeddedPostgres.start();
		createTables();
		this.context = SpringApplication.run(BenchmarkApplication.class,
				"--app.dbs.notes.url=postgresql://localhost:" + this.server.getPort() + "/postgres",
				"--app.dbs.notes.username=app", "--app.dbs.notes.rls.enabled=true", "--app.dbs.notes.pool.max-size=1",
				"--app.dbs.notes.health.interval=1h", "--spring.main.banner-mode=off", "--logging.level.root=warn");
		this.definition = this.context.getBean(DatabaseLifecycle.class).getDefinition("notes");
	}

	private void createTables() throws SQLException {
		try (Connection connection = this.server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE ROLE app LOGIN");
			for (int i = 0; i < this.tables; i++) {
				statement.execute(
						"""
								CREATE TABLE note%1$d (id bigint PRIMARY KEY, owner%1$d text NOT NULL, tenant_id int, title varchar(80),
									body text, data jsonb, tags text[], created timestamptz, published boolean NOT NULL DEFAULT false,
									price numeric(10, 2));
								ALTER TABLE note%1$d ENABLE ROW LEVEL SECURITY;
								CREATE POLICY own ON note%1$d
									USING (owner%1$d = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
								CREATE POLICY published ON note%1$d FOR SELECT USING (published AND tenant_id =
									(SELECT NULLIF(current_setting('app.current_user_id', true), '')::int));
								GRANT SELECT, INSERT, UPDATE, DELETE ON note%1$d TO app;
								"""
							.formatted(i));
			}
			statement.execute("ANALYZE");
		}
	}

	@TearDown
	public void close() throws IOException {
		try (EmbeddedPostgres server = this.server; ConfigurableApplicationContext context = this.context) {
			// in that order
		}
	}

	@Benchmark
	public @Nullable Map<String, Object> verify() throws SQLException {
		return new RlsVerification().prepare(this.definition, this.definition.connectionDetails().get());
	}

}
