package io.appdbs.autoconfigure;

import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.Databases;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.env.MapPropertySource;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an injection without qualifier gets, and what Boot's auto-configurations add, with
 * all of them on the class path.
 */
class CandidateMatrixTests {

	private static final List<Class<?>> RELATIONAL_TYPES = List.of(DataSource.class, JdbcTemplate.class,
			NamedParameterJdbcTemplate.class, JdbcClient.class);

	private static final List<Class<?>> TRANSACTION_TYPES = List.of(PlatformTransactionManager.class,
			TransactionTemplate.class);

	private static final List<Class<?>> MONGO_TYPES = List.of(MongoClient.class, MongoDatabaseFactory.class,
			MongoTemplate.class);

	private static MongoServer mongoServer;

	private static String mongoUrl;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("logging.level.root=warn");

	@BeforeAll
	static void startMongo() {
		mongoServer = new MongoServer(new MemoryBackend());
		mongoUrl = "mongodb://localhost:%d/".formatted(mongoServer.bind().getPort());
	}

	@AfterAll
	static void stopMongo() {
		mongoServer.shutdownNow();
	}

	@Test
	void withNothingConfiguredThereIsNothingOfOurs() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(Databases.class);
			assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith("appDbs"));
			assertThat(context.getBeanNamesForType(DataSource.class)).containsExactly("dataSource");
			assertThat(context.getBeanNamesForType(MongoClient.class)).containsExactly("mongo");
			assertThat(context.getBeanNamesForType(Flyway.class)).containsExactly("flyway");
		});
	}

	@Test
	void thePrimaryOneIsWhatAnUnqualifiedInjectionGets() {
		this.runner.withPropertyValues(h2("orders"), h2("audit"), "app.dbs.orders.primary=true", mongo("catalog"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertUnqualifiedIs(context, "orders", RELATIONAL_TYPES);
				assertUnqualifiedIs(context, "orders", TRANSACTION_TYPES);
				assertNothingStray(context);
			});
	}

	@Test
	void theOnlyRelationalDatabaseIsPrimary() {
		this.runner.withPropertyValues(h2("orders"), mongo("catalog")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertUnqualifiedIs(context, "orders", RELATIONAL_TYPES);
			assertUnqualifiedIs(context, "orders", TRANSACTION_TYPES);
			assertUnqualifiedIs(context, "catalog", MONGO_TYPES);
			assertThat(context.getBean("transactionManager")).isSameAs(context.getBean("ordersTransactionManager"));
			assertThat(context.getBean("mongoTemplate")).isSameAs(context.getBean("catalogMongoTemplate"));
			assertNothingStray(context);
		});
	}

	@Test
	void withSeveralAndNoPrimaryAnUnqualifiedInjectionIsAmbiguous() {
		// JPA would want one of them to be primary
		String withoutJpa = "spring.data.jpa.repositories.enabled=false";
		this.runner.withPropertyValues(h2("orders"), h2("audit"), mongo("catalog"), withoutJpa).run((context) -> {
			assertThat(context).hasNotFailed();
			for (Class<?> type : RELATIONAL_TYPES) {
				assertThatExceptionOfType(NoSuchBeanDefinitionException.class).isThrownBy(() -> inject(context, type));
			}
			for (Class<?> type : TRANSACTION_TYPES) {
				assertThatExceptionOfType(NoUniqueBeanDefinitionException.class)
					.isThrownBy(() -> inject(context, type));
			}
			assertUnqualifiedIs(context, "catalog", MONGO_TYPES);
			assertNothingStray(context);
		});
	}

	@Test
	void theOnlyMongoDatabaseIsPrimaryWithItsTransactionsToo() {
		this.runner.withPropertyValues(mongo("catalog")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertUnqualifiedIs(context, "catalog", MONGO_TYPES);
			assertThat(context.getBeanNamesForType(MongoClient.class)).containsExactly("catalogMongoClient");
		});
	}

	@Test
	void withTwoMongoDatabasesAndNoPrimaryNeitherIsWhatAnUnqualifiedInjectionGets() {
		this.runner.withPropertyValues(h2("orders"), mongo("catalog"), mongo("events")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(NoUniqueBeanDefinitionException.class)
				.isThrownBy(() -> inject(context, MongoClient.class));
			assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
				.isThrownBy(() -> inject(context, MongoTemplate.class));
			assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
				.isThrownBy(() -> inject(context, MongoDatabaseFactory.class));
			assertUnqualifiedIs(context, "orders", TRANSACTION_TYPES);
			assertNothingStray(context);
		});
	}

	@Test
	void aPrimaryMongoDatabaseIsWhatUnqualifiedInjectionsGetOfTransactionsToo() {
		this.runner.withPropertyValues(h2("orders"), mongo("catalog"), mongo("events"), "app.dbs.catalog.primary=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertUnqualifiedIs(context, "catalog", MONGO_TYPES);
				assertUnqualifiedIs(context, "catalog", TRANSACTION_TYPES);
				assertUnqualifiedIs(context, "orders", RELATIONAL_TYPES);
				assertThat(context.getBean("transactionManager")).isSameAs(context.getBean("ordersTransactionManager"));
				assertNothingStray(context);
			});
	}

	@Test
	void theOrderOfDatabasesDoesNotDecideWhatRepositoriesFindByName() {
		this.runner.withPropertyValues(mongo("catalog"), mongo("events"), "app.dbs.catalog.primary=yes", h2("orders"))
			.run((context) -> {
				assertUnqualifiedIs(context, "catalog", TRANSACTION_TYPES);
				assertThat(context.getBean("transactionManager")).isSameAs(context.getBean("ordersTransactionManager"));
			});
	}

	@Test
	void whenBootIsToldToHaveNoEmbeddedDatabaseThenItHasNone() {
		this.runner.withPropertyValues("spring.datasource.embedded-database-connection=none", h2("orders"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertUnqualifiedIs(context, "orders", RELATIONAL_TYPES);
			});
	}

	@Test
	void aChildContextUsesTheDatabasesOfItsParent() {
		String orders = h2("orders");
		this.runner.withPropertyValues(orders)
			.run((parent) -> this.runner.withPropertyValues(orders).withParent(parent).run((child) -> {
				assertThat(child).hasNotFailed();
				assertThat(child.containsLocalBean("ordersDataSource")).isFalse();
				assertThat(child.getBean("ordersDataSource")).isSameAs(parent.getBean("ordersDataSource"));
			}));
	}

	@Test
	void whenTheUrlBecomesOneOfAnotherKindThenTheStartFails() {
		this.runner.withPropertyValues("app.dbs.orders.pool.max-size=5")
			.withInitializer((context) -> context.addBeanFactoryPostProcessor((beanFactory) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("late", Map.of("app.dbs.orders.url", mongoUrl + "orders")))))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("Database 'orders': 'app.dbs.orders.url' is a URL of MongoDB, but was not when the beans "
						+ "of the database were defined."));
	}

	@Test
	void bootsOwnRelationalDatabaseStaysTheDefaultOne() {
		this.runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:boot-own", h2("orders"), mongo("catalog"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(inject(context, DataSource.class)).isSameAs(context.getBean("dataSource"));
				assertThat(inject(context, JdbcTemplate.class)).isSameAs(context.getBean("jdbcTemplate"));
				assertThat(inject(context, NamedParameterJdbcTemplate.class))
					.isSameAs(context.getBean("namedParameterJdbcTemplate"));
				assertThat(inject(context, JdbcClient.class)).isSameAs(context.getBean("jdbcClient"));
				assertThat(inject(context, PlatformTransactionManager.class))
					.isSameAs(context.getBean("transactionManager"));
				assertThat(inject(context, TransactionTemplate.class)).isSameAs(context.getBean("transactionTemplate"));
				assertThat(inject(context, Flyway.class).getConfiguration().getDataSource())
					.isSameAs(context.getBean("dataSource"));
				assertThat(context.getBeanNamesForType(DataSource.class)).containsExactlyInAnyOrder("dataSource",
						"ordersDataSource");
				assertUnqualifiedIs(context, "catalog", MONGO_TYPES);
			});
	}

	@Test
	void bootsOwnMongoDatabaseStaysTheDefaultOne() {
		this.runner.withPropertyValues("spring.mongodb.uri=" + mongoUrl + "boot", h2("orders"), mongo("catalog"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(inject(context, MongoClient.class)).isSameAs(context.getBean("mongo"));
				assertThat(inject(context, MongoTemplate.class)).isSameAs(context.getBean("mongoTemplate"));
				assertThat(inject(context, MongoTemplate.class).getDb().getName()).isEqualTo("boot");
				assertThat(context.getBean("catalogMongoTemplate", MongoTemplate.class).getDb().getName())
					.isEqualTo("catalog");
				assertThat(context.getBeanNamesForType(MongoClient.class)).containsExactlyInAnyOrder("mongo",
						"catalogMongoClient");
				assertUnqualifiedIs(context, "orders", RELATIONAL_TYPES);
			});
	}

	@Test
	void bothOfBootsOwnDatabasesStayTheDefaultOnes() {
		this.runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:boot-both",
				"spring.mongodb.uri=" + mongoUrl + "boot", h2("orders"), h2("audit"), mongo("catalog"), mongo("events"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(inject(context, DataSource.class)).isSameAs(context.getBean("dataSource"));
				assertThat(inject(context, MongoClient.class)).isSameAs(context.getBean("mongo"));
				assertThat(inject(context, PlatformTransactionManager.class))
					.isSameAs(context.getBean("transactionManager"));
				assertThat(context.getBeanNamesForType(DataSource.class)).containsExactlyInAnyOrder("dataSource",
						"ordersDataSource", "auditDataSource");
				assertThat(context.getBeanNamesForType(MongoClient.class)).containsExactlyInAnyOrder("mongo",
						"catalogMongoClient", "eventsMongoClient");
			});
	}

	private void assertUnqualifiedIs(AssertableApplicationContext context, String name, List<Class<?>> types) {
		for (Class<?> type : types) {
			assertThat(inject(context, type)).as("unqualified %s", type.getSimpleName())
				.isSameAs(qualified(context, name, type));
		}
	}

	private <T> T inject(AssertableApplicationContext context, Class<T> type) {
		Parameter parameter = ReflectionUtils.findMethod(InjectionPoints.class, "accept", type).getParameters()[0];
		MethodParameter injectionPoint = MethodParameter.forParameter(parameter);
		return type
			.cast(context.getBeanFactory().resolveDependency(new DependencyDescriptor(injectionPoint, true), null));
	}

	private Object qualified(AssertableApplicationContext context, String name, Class<?> type) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, name);
	}

	private void assertNothingStray(AssertableApplicationContext context) {
		assertThat(context.getBeanNamesForType(DataSource.class)).allMatch((name) -> name.endsWith("DataSource"));
		assertThat(context.getBeanNamesForType(MongoClient.class)).allMatch((name) -> name.endsWith("MongoClient"));
		assertThat(context.getBeanNamesForType(Flyway.class)).isEmpty();
		Map<String, ?> managers = context.getBeansOfType(TransactionManager.class);
		assertThat(managers.keySet()).allMatch((name) -> name.endsWith("TransactionManager") && !name.startsWith("tr"));
		assertThat(Arrays.asList(context.getBeanNamesForType(JdbcTemplate.class))).doesNotContain("jdbcTemplate");
		assertThatExceptionOfType(NoSuchBeanDefinitionException.class).isThrownBy(() -> context.getBean("dataSource"));
	}

	private static String h2(String name) {
		return "app.dbs.%s.url=jdbc:h2:mem:%s-%d".formatted(name, name, System.nanoTime());
	}

	private static String mongo(String name) {
		return "app.dbs.%s.url=%s%s".formatted(name, mongoUrl, name);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Unqualified injection points, whose parameter names match no bean.
	 */
	interface InjectionPoints {

		void accept(DataSource it);

		void accept(JdbcTemplate it);

		void accept(NamedParameterJdbcTemplate it);

		void accept(JdbcClient it);

		void accept(PlatformTransactionManager it);

		void accept(TransactionTemplate it);

		void accept(MongoClient it);

		void accept(MongoDatabaseFactory it);

		void accept(MongoTemplate it);

		void accept(Flyway it);

	}

}
