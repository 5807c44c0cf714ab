package io.appdbs.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.appdbs.audit.AuditEvent;
import io.appdbs.audit.AuditSink;
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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads a row by its key, reads 100 rows, and updates a row in a transaction, without an
 * audit, with an audit of writes and with one of everything. The sink keeps the last
 * event only, so this is what it costs until an event reaches a sink.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class AuditBenchmark {

	private static final RlsContext USER = RlsContext.of("alice");

	@Param({ "off", "writes", "all" })
	private String statements;

	/** H2 in memory has no round trip that hides the cost. */
	@Param({ "h2", "postgresql" })
	private String engine;

	private EmbeddedPostgres server;

	private ConfigurableApplicationContext context;

	private JdbcTemplate template;

	private TransactionTemplate transaction;

	@Setup
	public void open() throws IOException {
		String url = "jdbc:h2:mem:audited";
		if (this.engine.equals("postgresql")) {
			this.server = EmbeddedPostgres.start();
			url = "postgresql://postgres@localhost:" + this.server.getPort() + "/postgres";
		}
		this.context = SpringApplication.run(new Class<?>[] { BenchmarkApplication.class, Sinks.class },
				new String[] { "--app.dbs.orders.url=" + url, "--app.dbs.orders.audit.statements=" + this.statements,
						"--app.dbs.orders.pool.max-size=1", "--app.dbs.orders.health.interval=1h",
						"--spring.main.banner-mode=off", "--logging.level.root=warn" });
		this.template = this.context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		this.transaction = this.context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
		this.template.execute("CREATE TABLE item (id int PRIMARY KEY, name varchar(20))");
		for (int i = 0; i < 100; i++) {
			this.template.update("INSERT INTO item VALUES (?, ?)", i, "item " + i);
		}
	}

	@TearDown
	public void close() throws IOException {
		this.context.close();
		if (this.server != null) {
			this.server.close();
		}
	}

	@Benchmark
	public Object readRow() {
		return RlsContextHolder.supplyAs(USER,
				() -> this.template.queryForObject("SELECT name FROM item WHERE id = ?", String.class, 42));
	}

	@Benchmark
	public Object readRows() {
		return RlsContextHolder.supplyAs(USER, () -> this.template.queryForList("SELECT id, name FROM item"));
	}

	@Benchmark
	public Object updateInTransaction() {
		return RlsContextHolder.supplyAs(USER, () -> this.transaction
			.execute((status) -> this.template.update("UPDATE item SET name = ? WHERE id = ?", "changed", 42)));
	}

	@Configuration(proxyBeanMethods = false)
	static class Sinks {

		/** Volatile, so that the event has to be created. */
		private volatile @Nullable AuditEvent last;

		@Bean
		AuditSink sink() {
			return (event) -> this.last = event;
		}

	}

}
