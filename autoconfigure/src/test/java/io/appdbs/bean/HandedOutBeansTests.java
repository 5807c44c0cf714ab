package io.appdbs.bean;

import java.sql.Connection;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.jdbc.DatabaseDownException;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the objects that a {@link Database} hands out.
 */
class HandedOutBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false", "app.dbs.orders.url=jdbc:h2:mem:handed-out",
				"app.dbs.audit.url=jdbc:h2:mem:handed-out-2", "app.dbs.catalog.url=embedded:mongodb");

	@Test
	void aRelationalDatabaseHandsOutTheBeansUnderItsQualifier() {
		this.runner.run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			assertThat(orders.getDataSource()).isSameAs(context.getBean("ordersDataSource"));
			assertThat(orders.getTransactionTemplate()).isSameAs(context.getBean("ordersTransactionTemplate"));
			assertThat(orders.getBean(JdbcClient.class)).isSameAs(context.getBean("ordersJdbcClient"));
			assertThat(orders.getBean(JdbcTemplate.class)).isSameAs(context.getBean("ordersJdbcTemplate"));
		});
	}

	@Test
	void aMongoDatabaseHandsOutTheBeansUnderItsQualifier() {
		this.runner.run((context) -> {
			Database catalog = context.getBean(Databases.class).get("catalog");
			assertThat(catalog.getBean(MongoTemplate.class)).isSameAs(context.getBean("catalogMongoTemplate"));
			assertThat(catalog.getTransactionTemplate()).isSameAs(context.getBean("catalogTransactionTemplate"));
		});
	}

	@Test
	void aBeanOfTheApplicationReplacesTheOneThatIsHandedOut() {
		this.runner.withUserConfiguration(OwnDataSource.class).run((context) -> {
			Database orders = context.getBean(Databases.class).get("orders");
			assertThat(orders.getDataSource()).isInstanceOf(SimpleDriverDataSource.class)
				.isSameAs(context.getBean("mine"));
			assertThat(orders.getBean(JdbcClient.class).sql("SELECT DATABASE()").query(String.class).single())
				.isEqualTo("MINE");
		});
	}

	@Test
	void aBeanOfAnotherKindIsAnErrorThatNamesTheMethods() {
		this.runner.run((context) -> {
			assertRejected(context, "orders", MongoTemplate.class,
					"Database 'orders' (H2) has no bean of type org.springframework.data.mongodb.core.MongoTemplate. Use getDataSource(), getTransactionTemplate() or getBean(JdbcClient.class).");
			assertRejected(context, "catalog", DataSource.class,
					"Database 'catalog' (MongoDB) has no bean of type javax.sql.DataSource. Use getBean(MongoTemplate.class) or getTransactionTemplate().");
		});
	}

	@Test
	void anAmbiguousTypeIsAnError() {
		this.runner.run((context) -> assertRejected(context, "orders", Object.class,
				"Database 'orders' has several beans of type java.lang.Object. Use a more specific type."));
	}

	@Test
	void aReplicaHasNoBeans() {
		this.runner
			.withPropertyValues("app.dbs.late.url=postgresql://localhost:1/late", "app.dbs.late.username=late",
					"app.dbs.late.required=false", "app.dbs.late.replicas[0].url=postgresql://localhost:2/late")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				String replica = context.getBean(Databases.class)
					.getNames()
					.stream()
					.filter((name) -> name.startsWith("late-"))
					.findFirst()
					.orElseThrow();
				assertRejected(context, replica, DataSource.class,
						"'%s' is a replica and has no beans. Use database 'late', whose read-only transactions run on it."
							.formatted(replica));
			});
	}

	@Test
	void theObjectsOfADatabaseThatIsNotUpFailWhenTheyAreUsed() {
		this.runner
			.withPropertyValues("app.dbs.late.url=postgresql://localhost:1/late", "app.dbs.late.username=late",
					"app.dbs.late.required=false")
			.run((context) -> {
				Database late = context.getBean(Databases.class).get("late");
				DataSource dataSource = late.getDataSource();
				TransactionTemplate transactions = late.getTransactionTemplate();
				assertThat(late.getBean(JdbcClient.class)).isNotNull();
				assertThat(transactions).isNotNull();
				assertThat(late.getState()).isIn(DatabaseState.STARTING, DatabaseState.DOWN);
				assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(() -> {
					try (Connection connection = dataSource.getConnection()) {
						assertThat(connection).isNull();
					}
				});
			});
	}

	private static void assertRejected(ApplicationContext context, String name, Class<?> type, String message) {
		Database database = context.getBean(Databases.class).get(name);
		assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(() -> database.getBean(type))
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.getDatabase()).isEqualTo(name));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		@Qualifier("orders")
		DataSource mine() {
			return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:mine");
		}

	}

}
