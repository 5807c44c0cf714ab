package io.appdbs.bean;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.Databases;
import jakarta.persistence.EntityManagerFactory;
import org.flywaydb.core.Flyway;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
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
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the candidates of an injection without qualifier, with all of Boot's
 * auto-configurations on the class path.
 */
class CandidateMatrixTests {

	private static final List<Class<?>> RELATIONAL_TYPES = List.of(DataSource.class, JdbcTemplate.class,
			NamedParameterJdbcTemplate.class, JdbcClient.class);

	private static final List<Class<?>> TRANSACTION_TYPES = List.of(PlatformTransactionManager.class,
			TransactionTemplate.class);

	private static final List<Class<?>> MONGO_TYPES = List.of(MongoClient.class, MongoDatabaseFactory.class,
			MongoTemplate.class);

	private static final Map<Class<?>, String> BOOTS = Map.of(DataSource.class, "dataSource", JdbcTemplate.class,
			"jdbcTemplate", NamedParameterJdbcTemplate.class, "namedParameterJdbcTemplate", JdbcClient.class,
			"jdbcClient", PlatformTransactionManager.class, "transactionManager", TransactionTemplate.class,
			"transactionTemplate", MongoClient.class, "mongo", MongoDatabaseFactory.class, "mongoDatabaseFactory",
			MongoTemplate.class, "mongoTemplate");

	private static MongoServer mongoServer;

	private static String mongoUrl;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("logging.level.root=warn", "spring.liquibase.enabled=false");

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
	void withNothingConfiguredTheStarterDefinesNothing() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(Databases.class);
			assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith("appDbs"));
			assertThat(context.getBeanNamesForType(DataSource.class)).containsExactly("dataSource");
			assertThat(context.getBeanNamesForType(MongoClient.class)).containsExactly("mongo");
			assertThat(context.getBeanNamesForType(Flyway.class)).containsExactly("flyway");
		});
	}

	/**
	 * The databases of one kind. Each kind is decided separately, except for
	 * transactions.
	 */
	enum Candidates {

		/** One database without one of Boot. */
		SINGLE,

		/** Two databases, the second of which is primary. */
		PRIMARY,

		/** Two equal databases. */
		SEVERAL,

		/** One database in addition to Boot's own. */
		FOREIGN,

		/** Two databases in addition to Boot's own. */
		SEVERAL_AND_FOREIGN;

		String[] properties(List<String> names, String boot) {
			List<String> properties = new ArrayList<>(List.of(names.get(0)));
			if (isSeveral()) {
				properties.add(names.get(1));
			}
			if (this == PRIMARY) {
				properties.add(names.get(1).replaceFirst("\\.url=.*", ".primary=true"));
			}
			if (isForeign()) {
				properties.add(boot);
			}
			return properties.toArray(String[]::new);
		}

		boolean isForeign() {
			return this == FOREIGN || this == SEVERAL_AND_FOREIGN;
		}

		private boolean isSeveral() {
			return this == PRIMARY || this == SEVERAL || this == SEVERAL_AND_FOREIGN;
		}

		int count() {
			return (isForeign() ? 1 : 0) + (isSeveral() ? 2 : 1);
		}

		/**
		 * Returns the database that an injection without qualifier gets.
		 */
		@Nullable String expected(String one, String two) {
			return switch (this) {
				case SINGLE -> one;
				case PRIMARY -> two;
				case SEVERAL, FOREIGN, SEVERAL_AND_FOREIGN -> null;
			};
		}

	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SINGLE              | SINGLE
			SINGLE              | PRIMARY
			SINGLE              | SEVERAL
			SINGLE              | FOREIGN
			SINGLE              | SEVERAL_AND_FOREIGN
			PRIMARY             | SINGLE
			PRIMARY             | PRIMARY
			PRIMARY             | SEVERAL
			PRIMARY             | FOREIGN
			PRIMARY             | SEVERAL_AND_FOREIGN
			SEVERAL             | SINGLE
			SEVERAL             | PRIMARY
			SEVERAL             | SEVERAL
			SEVERAL             | FOREIGN
			FOREIGN             | SINGLE
			FOREIGN             | PRIMARY
			FOREIGN             | SEVERAL
			FOREIGN             | FOREIGN
			SEVERAL_AND_FOREIGN | PRIMARY
			SEVERAL_AND_FOREIGN | SEVERAL_AND_FOREIGN
			""")
	void eachKindIsDecidedSeparatelyAndRelationalDatabasesHaveTheDefaultTransactions(Candidates relational,
			Candidates mongo) {
		this.runner
			.withPropertyValues(relational.properties(List.of(h2("orders"), h2("audit")),
					"spring.datasource.url=jdbc:h2:mem:boot-" + System.nanoTime()))
			.withPropertyValues(mongo.properties(List.of(mongo("catalog"), mongo("events")),
					"spring.mongodb.uri=" + mongoUrl + "boot"))
			// JPA requires a primary database
			.withPropertyValues("spring.data.jpa.repositories.enabled=" + (relational != Candidates.SEVERAL))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertUnqualified(context, RELATIONAL_TYPES, relational, relational.expected("orders", "audit"));
				assertUnqualified(context, TRANSACTION_TYPES, relational, relational.expected("orders", "audit"));
				assertUnqualified(context, MONGO_TYPES, mongo, mongo.expected("catalog", "events"));
				assertWellKnownNames(context, relational, mongo);
				assertQualified(context, "catalog", MONGO_TYPES);
				assertQualified(context, "orders", RELATIONAL_TYPES);
				assertThat(context.getBeansOfType(DataSource.class)).hasSize(relational.count());
				assertThat(context.getBeansOfType(MongoClient.class)).hasSize(mongo.count());
				assertThat(context.getBean("catalogMongoTemplate", MongoTemplate.class).getDb().getName())
					.isEqualTo("catalog");
				if (relational == Candidates.SEVERAL) {
					assertAmbiguous(context, DataSource.class);
					TRANSACTION_TYPES.forEach((type) -> assertAmbiguous(context, type));
				}
				if (mongo == Candidates.SEVERAL) {
					assertAmbiguous(context, MongoClient.class);
				}
				if (relational.isForeign()) {
					assertThat(inject(context, Flyway.class).getConfiguration().getDataSource())
						.isSameAs(context.getBean("dataSource"));
				}
				if (mongo.isForeign()) {
					assertThat(inject(context, MongoTemplate.class).getDb().getName()).isEqualTo("boot");
				}
				if (!relational.isForeign() && !mongo.isForeign()) {
					assertNothingStray(context);
				}
			});
	}

	@ParameterizedTest
	@EnumSource
	void withoutAnyRelationalDatabaseMongoHasTheDefaultTransactions(Candidates mongo) {
		this.runner
			.withPropertyValues(mongo.properties(List.of(mongo("catalog"), mongo("events")),
					"spring.mongodb.uri=" + mongoUrl + "boot"))
			.withPropertyValues(
					"spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				String expected = mongo.expected("catalog", "events");
				assertUnqualified(context, MONGO_TYPES, mongo, expected);
				if (expected != null) {
					assertUnqualifiedIs(context, expected, TRANSACTION_TYPES);
					assertThat(context.getBean("transactionManager"))
						.isSameAs(context.getBean(expected + "TransactionManager"));
				}
				else {
					assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
						.isThrownBy(() -> inject(context, PlatformTransactionManager.class));
					assertThat(context.containsBean("transactionManager")).isFalse();
				}
			});
	}

	@Test
	void theEmbeddedDatabaseOfBootHasTheDefaultTransactions() {
		this.runner.withPropertyValues(mongo("catalog"), "app.dbs.catalog.primary=true").run((context) -> {
			assertThat(context).hasNotFailed();
			assertUnqualifiedIs(context, "catalog", MONGO_TYPES);
			assertThat(context.getBeanNamesForType(MongoClient.class)).containsExactly("catalogMongoClient");
			assertBoots(context, TRANSACTION_TYPES);
			assertThat(context.getBean("transactionManager")).isInstanceOf(JpaTransactionManager.class);
		});
	}

	@Test
	void aPrimaryDatabaseInAdditionToADefaultOneOfBootIsAnErrorForEachKind() {
		this.runner
			.withPropertyValues(h2("orders"), "app.dbs.orders.primary=true", mongo("catalog"),
					"app.dbs.catalog.primary=true", "spring.datasource.url=jdbc:h2:mem:boot-own",
					"spring.mongodb.uri=" + mongoUrl + "boot")
			.run((context) -> assertThat(context).getFailure()
				.hasMessage(
						"""
								2 problems in the configuration of databases:

								1. Database 'orders': 'app.dbs.orders.primary' is true, but 'spring.datasource.url' is set as well. Only one of them can be the default for injections without qualifier.

								2. Database 'catalog': 'app.dbs.catalog.primary' is true, but 'spring.mongodb.uri' is set as well. Only one of them can be the default for injections without qualifier."""));
	}

	@Test
	void aPropertyOfAnExcludedAutoConfigurationDefinesNoDatabase() {
		this.runner.withUserConfiguration(WithoutBootsDataSource.class)
			.withPropertyValues(h2("orders"), h2("audit"), "app.dbs.orders.primary=true",
					"spring.datasource.url=jdbc:h2:mem:unused")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertUnqualifiedIs(context, "orders", RELATIONAL_TYPES);
			});
	}

	@Test
	void theOrderOfDatabasesDoesNotDetermineTheDefaultTransactions() {
		this.runner.withPropertyValues(mongo("catalog"), mongo("events"), "app.dbs.catalog.primary=yes", h2("orders"))
			.run((context) -> {
				assertUnqualifiedIs(context, "orders", TRANSACTION_TYPES);
				assertThat(context.getBean("transactionManager")).isSameAs(context.getBean("ordersTransactionManager"));
			});
	}

	@Test
	void whenBootsEmbeddedDatabaseIsDisabledThenItIsNotTheDefaultOne() {
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
	void whenTheUrlChangesToAnotherKindThenTheStartFails() {
		this.runner.withPropertyValues("app.dbs.orders.pool.max-size=5")
			.withInitializer((context) -> context.addBeanFactoryPostProcessor((beanFactory) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("late", Map.of("app.dbs.orders.url", mongoUrl + "orders")))))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("Database 'orders': 'app.dbs.orders.url' is a URL for MongoDB, but was not when the beans "
						+ "of the database were defined."));
	}

	private void assertUnqualifiedIs(AssertableApplicationContext context, String name, List<Class<?>> types) {
		for (Class<?> type : types) {
			assertThat(inject(context, type)).as("unqualified %s", type.getSimpleName())
				.isSameAs(qualified(context, name, type));
		}
	}

	private void assertUnqualified(AssertableApplicationContext context, List<Class<?>> types, Candidates candidates,
			@Nullable String expected) {
		if (expected != null) {
			assertUnqualifiedIs(context, expected, types);
		}
		else if (candidates.isForeign()) {
			assertBoots(context, types);
		}
		else {
			assertThat(types).allSatisfy((type) -> assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
				.isThrownBy(() -> inject(context, type)));
		}
	}

	private void assertAmbiguous(AssertableApplicationContext context, Class<?> type) {
		assertThatExceptionOfType(NoUniqueBeanDefinitionException.class).isThrownBy(() -> inject(context, type));
	}

	private void assertBoots(AssertableApplicationContext context, List<Class<?>> types) {
		assertThat(types)
			.allSatisfy((type) -> assertThat(inject(context, type)).isSameAs(context.getBean(BOOTS.get(type), type)));
	}

	private void assertQualified(AssertableApplicationContext context, String name, List<Class<?>> types) {
		assertThat(types).allSatisfy((type) -> assertThat(qualified(context, name, type))
			.isSameAs(context.getBean(name + type.getSimpleName(), type)));
	}

	/**
	 * Asserts the beans that Spring Data and JPA find by name.
	 */
	private void assertWellKnownNames(AssertableApplicationContext context, Candidates relational, Candidates mongo) {
		String expected = relational.expected("orders", "audit");
		String expectedMongo = mongo.expected("catalog", "events");
		if (expected != null) {
			assertThat(context.getBean("transactionManager"))
				.isSameAs(context.getBean(expected + "TransactionManager"));
		}
		if (expected != null || relational.isForeign()) {
			assertThat(context.getBean("transactionManager")).isInstanceOf(JpaTransactionManager.class);
			assertThat(context.getBean(EntityManagerFactory.class)
				.unwrap(SessionFactoryImplementor.class)
				.getProperties()
				.get("jakarta.persistence.nonJtaDataSource")).isSameAs(inject(context, DataSource.class));
		}
		else {
			assertThat(context.containsBean("transactionManager")).isFalse();
		}
		if (expectedMongo != null) {
			assertThat(context.getBean("mongoTemplate")).isSameAs(context.getBean(expectedMongo + "MongoTemplate"));
		}
		assertThat(context.containsBean("mongoTemplate")).isEqualTo(expectedMongo != null || mongo.isForeign());
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

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class WithoutBootsDataSource {

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
