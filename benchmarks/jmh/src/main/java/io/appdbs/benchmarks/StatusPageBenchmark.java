package io.appdbs.benchmarks;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.page.DatabasesPageWebExtension;
import io.appdbs.lifecycle.DatabaseLifecycle;
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
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Renders the status page of all databases, of which every tenth is down. The budget is
 * 50 ms for 100 databases.
 */
@BenchmarkMode({ Mode.AverageTime, Mode.SingleShotTime })
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class StatusPageBenchmark {

	@Param({ "5", "100" })
	private int databases;

	private ConfigurableApplicationContext context;

	private DatabasesPageWebExtension page;

	@Setup
	public void start() {
		List<String> arguments = new ArrayList<>(List.of("--app.dbs-defaults.pool.max-size=2",
				"--app.dbs-defaults.health.interval=1h", "--spring.main.web-application-type=none",
				"--app.dbs-defaults.required=false", "--logging.level.root=error"));
		for (int i = 0; i < this.databases; i++) {
			arguments.add("--app.dbs.d%d.url=%s".formatted(i,
					(i % 10 == 0) ? "jdbc:postgresql://127.0.0.1:1/d" : "jdbc:h2:mem:d" + i));
		}
		this.context = new SpringApplication(BenchmarkApplication.class).run(arguments.toArray(String[]::new));
		DatabasesEndpoint endpoint = new DatabasesEndpoint(this.context.getBean(DatabaseLifecycle.class),
				(database) -> null, this.context, List.of(), Show.ALWAYS);
		this.page = new DatabasesPageWebExtension(endpoint, Show.ALWAYS, Set.of(), () -> "/actuator/databases",
				() -> false);
	}

	@TearDown
	public void stop() {
		this.context.close();
	}

	@Benchmark
	public Object all() {
		return this.page.page(Anonymous.INSTANCE, null, null);
	}

	private enum Anonymous implements SecurityContext {

		INSTANCE;

		@Override
		public @Nullable Principal getPrincipal() {
			return null;
		}

		@Override
		public boolean isUserInRole(String role) {
			return false;
		}

	}

}
