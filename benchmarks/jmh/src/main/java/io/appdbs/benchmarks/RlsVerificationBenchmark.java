package io.appdbs.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.rls.verify.RlsVerification;
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
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * The proof at the start that policies bind, with its own connection, on many tables. The
 * budget: 50 ms for 500 tables.
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
		this.context = SpringApplication.run(Application.class,
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
				String table = "note" + i;
				statement.execute("""
						CREATE TABLE %1$s (id int PRIMARY KEY, owner text NOT NULL, body text NOT NULL);
						CREATE INDEX ON %1$s (owner);
						INSERT INTO %1$s SELECT i, 'alice', 'note ' || i FROM generate_series(1, 100) i;
						ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY;
						CREATE POLICY own ON %1$s
							USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
						GRANT SELECT, INSERT, UPDATE, DELETE ON %1$s TO app;
						""".formatted(table));
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
		return new RlsVerification().prepare(this.definition, this.definition.target().get());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
