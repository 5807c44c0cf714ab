package io.appdbs.testcontainers;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.appdbs.Databases;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with three databases, two of them of the same kind. Only the first one
 * has a URL, where no server listens.
 *
 * @param orders a PostgreSQL
 * @param audit another PostgreSQL
 * @param stock a MariaDB
 * @param databases all of them
 */
record Shop(JdbcClient orders, JdbcClient audit, JdbcClient stock, Databases databases) {

	static final String[] PROPERTIES = { "app.dbs.orders.url=postgresql://nowhere.invalid/orders",
			"app.dbs.orders.username=nobody", "app.dbs.audit.statement-timeout=30s" };

	List<String> versions() {
		return this.databases.getNames()
			.stream()
			.sorted()
			.map((name) -> name + " " + this.databases.get(name).getEngine())
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Shop shop(@Qualifier("orders") JdbcClient orders, @Qualifier("audit") JdbcClient audit,
				@Qualifier("stock") JdbcClient stock, Databases databases) {
			return new Shop(orders, audit, stock, databases);
		}

	}

	/**
	 * Three containers that start only if all of them are starting.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Containers {

		private static final CyclicBarrier STARTING = new CyclicBarrier(3);

		@Bean
		@DatabaseContainer("orders")
		PostgreSQLContainer ordersContainer() {
			return new TogetherPostgreSQLContainer().withDatabaseName("orders");
		}

		@Bean
		@DatabaseContainer("audit")
		PostgreSQLContainer auditContainer() {
			return new TogetherPostgreSQLContainer().withDatabaseName("audit");
		}

		@Bean
		@DatabaseContainer("stock")
		MariaDBContainer stockContainer() {
			return new MariaDBContainer(Image.MARIADB.get()) {

				@Override
				protected void containerIsStarting(InspectContainerResponse containerInfo) {
					awaitOthers();
				}

			}.withDatabaseName("stock");
		}

		private static void awaitOthers() {
			try {
				STARTING.await(3, TimeUnit.MINUTES);
			}
			catch (InterruptedException | BrokenBarrierException | TimeoutException ex) {
				throw new IllegalStateException("The containers do not start at the same time", ex);
			}
		}

		private static final class TogetherPostgreSQLContainer extends PostgreSQLContainer {

			TogetherPostgreSQLContainer() {
				super(Image.POSTGRESQL.get());
			}

			@Override
			protected void containerIsStarting(InspectContainerResponse containerInfo) {
				awaitOthers();
			}

		}

	}

}
