package io.appdbs.persistence;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests that databases are not opened while an application is processed ahead of time.
 */
class AheadOfTimeProcessingTests {

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb", "cockroachdb" })
	void nothingIsOpened(String scheme) throws Exception {
		process(scheme,
				(context) -> new ApplicationContextAotGenerator().processAheadOfTime(context,
						new TestGenerationContext()),
				"app.dbs.orders.password=${ORDERS_PASSWORD}", "app.dbs-defaults.cache.spec=expireAfterWrite=5m");
	}

	@Test
	void aConnectionFailsImmediatelyWithTheReason() throws Exception {
		process("postgresql", (context) -> {
			context.refreshForAotProcessing(new RuntimeHints());
			assertThatException().isThrownBy(
					() -> context.getBean("ordersJdbcClient", JdbcClient.class).sql("SELECT 1").query().listOfRows())
				.havingRootCause()
				.withMessageMatching(
						"Database 'orders' is down since \\S+: databases are not opened while the application is processed ahead of time\\.");
		});
	}

	private static void process(String scheme, Processing processing, String... properties) throws Exception {
		AtomicInteger accepted = new AtomicInteger();
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread acceptor = new Thread(() -> accept(server, accepted));
			acceptor.setDaemon(true);
			acceptor.start();
			GenericApplicationContext context = new GenericApplicationContext();
			StandardEnvironment environment = new StandardEnvironment();
			TestPropertyValues
				.of("app.dbs.orders.url=%s://localhost:%d/orders".formatted(scheme, server.getLocalPort()),
						"app.dbs.orders.primary=true", "app.dbs.orders.flyway.baseline-on-migrate=true",
						"app.dbs.orders.username=app", "app.dbs.audit.url=embedded:postgresql",
						"app.dbs.catalog.url=mongodb://localhost:%d/catalog".formatted(server.getLocalPort()))
				.and(properties)
				.applyTo(environment);
			context.setEnvironment(environment);
			new AnnotatedBeanDefinitionReader(context).register(Application.class);
			System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
			try (context) {
				processing.run(context);
				assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
					.noneMatch((name) -> name.startsWith("appdbs"));
			}
			finally {
				System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
			}
		}
		assertThat(accepted).hasValue(0);
	}

	private static void accept(ServerSocket server, AtomicInteger accepted) {
		try {
			while (true) {
				server.accept().close();
				accepted.incrementAndGet();
			}
		}
		catch (IOException ex) {
			// closed at the end of the test
		}
	}

	@FunctionalInterface
	private interface Processing {

		void run(GenericApplicationContext context);

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			FlywayAutoConfiguration.class, HibernateJpaAutoConfiguration.class, TransactionAutoConfiguration.class,
			DataJdbcRepositoriesAutoConfiguration.class, JooqAutoConfiguration.class })
	@EnableJdbcRepositories(considerNestedRepositories = true,
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Parcels.class),
			excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Tickets.class))
	@EnableJpaRepositories(considerNestedRepositories = true,
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Tickets.class),
			excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Parcels.class))
	static class Application {

		@Bean
		static PersistenceManagedTypes persistenceManagedTypes() {
			return PersistenceManagedTypes.of(Ticket.class.getName());
		}

	}

	interface Parcels extends ListCrudRepository<Parcel, Integer> {

		Parcel findByTown(String town);

	}

	record Parcel(@org.springframework.data.annotation.Id Integer id, String town) {

	}

	interface Tickets extends ListCrudRepository<Ticket, String> {

		Ticket findByTown(String town);

	}

	@Entity(name = "Ticket")
	static class Ticket {

		@Id
		private String id;

		private String town;

	}

}
