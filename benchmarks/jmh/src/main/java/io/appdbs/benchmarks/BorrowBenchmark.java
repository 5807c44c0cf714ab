package io.appdbs.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.routing.ScopedSelection;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Borrows and closes a connection: from bare HikariCP, and from what an application is
 * given for a named database. The budget is a difference of 100 ns. A route over the
 * database adds the selection, and a proxy of the connection.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BorrowBenchmark {

	@Benchmark
	public Connection bareHikari(BareHikari state) throws SQLException {
		return borrowAndClose(state.dataSource);
	}

	@Benchmark
	public Connection namedDatabase(NamedDatabase state) throws SQLException {
		return borrowAndClose(state.dataSource);
	}

	@Benchmark
	public Connection route(NamedDatabase state) throws Exception {
		return ScopedSelection.call("orders", () -> borrowAndClose(state.route));
	}

	private static Connection borrowAndClose(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return connection;
		}
	}

	@State(Scope.Benchmark)
	public static class BareHikari {

		private final HikariDataSource dataSource = open();

		@TearDown
		public void close() {
			this.dataSource.close();
		}

		private static HikariDataSource open() {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl("jdbc:h2:mem:bare");
			return new HikariDataSource(config);
		}

	}

	@State(Scope.Benchmark)
	public static class NamedDatabase {

		private final ConfigurableApplicationContext context = SpringApplication.run(BenchmarkApplication.class,
				"--app.dbs.orders.url=jdbc:h2:mem:named", "--app.dbs-routes.tenants.engine=h2",
				"--app.dbs-routes.tenants.databases=orders", "--spring.main.banner-mode=off",
				"--logging.level.root=warn");

		private final DataSource dataSource = this.context.getBean("ordersDataSource", DataSource.class);

		private final DataSource route = this.context.getBean("tenantsDataSource", DataSource.class);

		@TearDown
		public void close() {
			this.context.close();
		}

	}

}
