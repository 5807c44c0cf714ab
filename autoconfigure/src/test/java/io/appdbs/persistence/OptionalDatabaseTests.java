package io.appdbs.persistence;

import java.net.ServerSocket;
import java.util.Map;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import org.awaitility.Awaitility;
import org.h2.tools.Server;
import org.hibernate.Session;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for JPA on optional databases that are down when the application starts.
 */
class OptionalDatabaseTests {

	private int port;

	private ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("app.dbs.orders.required=false", "spring.jpa.hibernate.ddl-auto=none")
		.withUserConfiguration(Application.class);

	@BeforeEach
	void findPort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			this.port = socket.getLocalPort();
		}
		this.runner = this.runner
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:tcp://localhost:%d/mem:orders".formatted(this.port));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void bootsFactoryStartsWithTheDialectOfTheEngine(CapturedOutput output) {
		this.runner.run((context) -> {
			assertThat(output).contains(
					"Database 'orders' is not UP: EntityManagerFactory bean 'entityManagerFactory' starts with org.hibernate.dialect.H2Dialect, without reading the metadata of the server");
			assertDialect(context, "entityManagerFactory", "H2Dialect");
			assertWritesWhenUp(context, "entityManagerFactory");
		});
	}

	@Test
	void aFactoryOfTheApplicationStartsWithTheDialectOfTheEngine() {
		this.runner.withUserConfiguration(OrdersFactory.class).run((context) -> {
			assertDialect(context, "ordersFactory", "H2Dialect");
			assertWritesWhenUp(context, "ordersFactory");
		});
	}

	@Test
	void theDialectOfTheApplicationIsKept() {
		this.runner.withPropertyValues("spring.jpa.database-platform=org.hibernate.dialect.OracleDialect")
			.run((context) -> assertDialect(context, "entityManagerFactory", "OracleDialect"));
	}

	@Test
	void whenTheDatabaseIsUpThenHibernateReadsTheMetadata() {
		this.runner.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:optional-up")
			.run((context) -> assertThat(context.getBean(EntityManagerFactory.class).getProperties())
				.doesNotContainKey("hibernate.dialect")
				.doesNotContainKey("hibernate.boot.allow_jdbc_metadata_access"));
	}

	private static void assertDialect(AssertableApplicationContext context, String factory, String dialect) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(Databases.class).get("orders").getState()).isEqualTo(DatabaseState.DOWN);
		assertThat(context.getBean(factory, EntityManagerFactory.class)
			.unwrap(SessionFactoryImplementor.class)
			.getJdbcServices()
			.getDialect()
			.getClass()
			.getSimpleName()).isEqualTo(dialect);
	}

	/**
	 * Tests generated keys and scrollable results, which Hibernate reads from the
	 * metadata.
	 */
	private void assertWritesWhenUp(AssertableApplicationContext context, String factory) throws Exception {
		Server server = Server.createTcpServer("-tcpPort", String.valueOf(this.port), "-ifNotExists").start();
		try {
			Awaitility.await()
				.until(() -> context.getBean(Databases.class).get("orders").getState() == DatabaseState.UP);
			context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("CREATE TABLE receipt (id INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)")
				.update();
			EntityManager entities = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean(factory, EntityManagerFactory.class));
			PlatformTransactionManager manager = BeanFactoryAnnotationUtils
				.qualifiedBeanOfType(context.getBeanFactory(), PlatformTransactionManager.class, "orders");
			inTransaction(manager, entities, (session) -> {
				Receipt receipt = new Receipt();
				session.persist(receipt);
				assertThat(receipt.id).isOne();
				session.persist(new Receipt());
			});
			inTransaction(manager, entities, (session) -> {
				try (var results = session.createSelectionQuery("from Receipt order by id", Receipt.class).scroll()) {
					assertThat(results.last()).isTrue();
					assertThat(results.get().id).isEqualTo(2);
				}
			});
		}
		finally {
			server.stop();
		}
	}

	private static void inTransaction(PlatformTransactionManager manager, EntityManager entities,
			Consumer<Session> work) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> work.accept(entities.unwrap(Session.class)));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			HibernateJpaAutoConfiguration.class })
	static class Application {

		@Bean
		static PersistenceManagedTypes persistenceManagedTypes() {
			return PersistenceManagedTypes.of(Receipt.class.getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OrdersFactory {

		@Bean
		@Qualifier("orders")
		LocalContainerEntityManagerFactoryBean ordersFactory(@Qualifier("orders") DataSource dataSource,
				PersistenceManagedTypes types) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(types);
			factory.setJpaPropertyMap(Map.of("hibernate.jdbc.batch_size", "20"));
			return factory;
		}

	}

	@Entity(name = "Receipt")
	static class Receipt {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		private Integer id;

	}

}
