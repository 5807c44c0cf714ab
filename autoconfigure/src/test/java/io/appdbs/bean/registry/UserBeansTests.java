package io.appdbs.bean.registry;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.zaxxer.hikari.HikariDataSource;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for beans of the application that replace those of the starter.
 */
class UserBeansTests {

	private static MongoServer mongoServer;

	private static String mongoUrl;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:user-orders;DB_CLOSE_DELAY=-1",
				"app.dbs.audit.url=jdbc:h2:mem:user-audit", "app.dbs.orders.primary=true",
				"app.dbs.catalog.url=" + mongoUrl + "catalog", "app.dbs.events.url=" + mongoUrl + "events",
				"spring.liquibase.enabled=false");

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
	void aDataSourceReplacesThePoolWhichIsNotOpened() {
		try (HikariDataSource own = openOwn("user-own")) {
			this.runner.withUserConfiguration(OwnDataSource.class).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeanNamesForType(DataSource.class)).containsExactlyInAnyOrder("mine",
						"auditDataSource");
				assertThat(qualified(context, DataSource.class, "orders")).isSameAs(own);
				assertThat(qualified(context, JdbcTemplate.class, "orders").getDataSource()).isSameAs(own);
				assertThat(qualified(context, PlatformTransactionManager.class, "orders")).isInstanceOfSatisfying(
						JpaTransactionManager.class, (manager) -> assertThat(manager.getDataSource()).isSameAs(own));
				assertThat(qualified(context, JdbcClient.class, "orders").sql("SELECT DATABASE()")
					.query(String.class)
					.single()).isEqualTo("USER-OWN");
				// threads of a pool that another test has closed may still end
				Awaitility.await()
					.untilAsserted(() -> assertThat(openPools()).doesNotContain("orders").contains("audit"));
				assertThat(context.getBean(Databases.class).get("orders").getState()).isEqualTo(DatabaseState.UP);
			});
			assertThat(own.isClosed()).isFalse();
		}
	}

	@Test
	void aDatabaseThatADataSourceReplacesCannotBeSuspended() {
		try (HikariDataSource own = openOwn("user-suspended")) {
			this.runner.withUserConfiguration(OwnDataSource.class).run((context) -> {
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> lifecycle.getOperations("orders").suspend(false, Duration.ZERO))
					.withMessage(
							"Database 'orders' cannot be suspended: callers get their connections from a bean of the application.");
				assertThat(lifecycle.get("orders").getSnapshot().suspended()).isFalse();
			});
		}
	}

	@ParameterizedTest
	@CsvSource({ "rls.enabled=true, rls.enabled, is true, its connections would not be secured",
			"read-only=true, read-only, is true, its connections could write",
			"audit.statements=writes, audit.statements, is writes, its units of work would not be recorded",
			"slow-query-plan=true, slow-query-plan, is true, the starter does not know how to connect for a plan",
			"replicas[0].url=postgresql://replica.internal/orders, replicas, is set, its connections would never use them",
			"audit.rows.tables=person, audit.rows.tables, is set, its triggers would not be verified",
			"partitions[0].table=event, partitions, is set, its partitions would not be created",
			"maintenance.operations=analyze, maintenance.operations, is set, it is not known how to log in for them" })
	void aDataSourceThatWouldBypassASettingIsRejected(String property, String key, String state, String consequence) {
		try (HikariDataSource own = openOwn("user-unprotected")) {
			this.runner.withUserConfiguration(OwnDataSource.class)
				.withPropertyValues("app.dbs.orders.url=postgresql://db.internal/orders",
						"app.dbs.orders.slow-query-threshold=1s", "app.dbs.orders." + property)
				.withPropertyValues(property.startsWith("partitions")
						? new String[] { "app.dbs.orders.partitions[0].interval=day" } : new String[0])
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (failure) -> {
						assertThat(failure).hasMessage(
								"Database 'orders': 'app.dbs.orders.%s' %s, but a DataSource bean of the application replaces the database, and %s.",
								key, state, consequence);
						assertThat(failure.getAction()).isEqualTo("Remove the bean, or remove 'app.dbs.orders.%s'.",
								key);
					}));
		}
	}

	@ParameterizedTest
	@CsvSource({ "app.dbs.orders, or remove 'app.dbs.orders.privileges.verify'",
			"app.dbs-defaults, or set 'app.dbs.orders.privileges.verify' to 'off'" })
	void aDataSourceWhoseLoginMustBeVerifiedIsRejected(String prefix, String alternative) {
		try (HikariDataSource own = openOwn("user-unverified")) {
			ApplicationContextRunner failing = this.runner.withUserConfiguration(OwnDataSource.class)
				.withPropertyValues("app.dbs.orders.url=postgresql://db.internal/orders",
						prefix + ".privileges.verify=fail");
			failing.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (failure) -> {
					assertThat(failure).hasMessage(
							"Database 'orders': '%s.privileges.verify' is fail, but a DataSource bean of the application replaces the database, and its login would not be verified.",
							prefix);
					assertThat(failure.getAction()).isEqualTo("Remove the bean, %s.", alternative);
				}));
			failing
				.withPropertyValues("app.dbs.orders.privileges.verify=off", "app.dbs.catalog.privileges.verify=off",
						"app.dbs.events.privileges.verify=off")
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	@Test
	void noEmbeddedServerIsStartedForADataSourceOfTheApplication() {
		try (HikariDataSource own = openOwn("user-instead-of-embedded")) {
			this.runner.withUserConfiguration(OwnDataSource.class)
				.withPropertyValues("app.dbs.orders.url=embedded:postgresql")
				.run((context) -> {
					assertNoEmbeddedServer(context, "orders");
					assertThat(qualified(context, JdbcClient.class, "orders").sql("SELECT DATABASE()")
						.query(String.class)
						.single()).isEqualTo("USER-INSTEAD-OF-EMBEDDED");
				});
		}
	}

	@Test
	void noEmbeddedServerIsStartedForAMongoClientOfTheApplication() {
		try (MongoClient own = MongoClients.create(mongoUrl)) {
			OwnMongoClient.instance = own;
			this.runner.withUserConfiguration(OwnMongoClient.class)
				.withPropertyValues("app.dbs.catalog.url=embedded:mongodb")
				.run((context) -> {
					assertNoEmbeddedServer(context, "catalog");
					assertThat(qualified(context, MongoDatabaseFactory.class, "catalog").getMongoDatabase().getName())
						.isEqualTo("catalog");
				});
		}
	}

	/**
	 * Creates the bean of the configuration.
	 */
	private static HikariDataSource openOwn(String database) {
		HikariDataSource own = new HikariDataSource();
		own.setJdbcUrl("jdbc:h2:mem:" + database);
		OwnDataSource.instance = own;
		return own;
	}

	private static void assertNoEmbeddedServer(AssertableApplicationContext context, String name) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(Databases.class).get(name).getState()).isEqualTo(DatabaseState.UP);
		assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("appDbsEmbeddedServers"))
			.isFalse();
	}

	@Test
	void aJdbcTemplateReplacesThatOfTheStarterAndTheOthersUseIt() {
		this.runner.withUserConfiguration(OwnJdbcTemplate.class).run((context) -> {
			assertReplaced(context, JdbcTemplate.class, "ordersJdbcTemplate");
			assertThat(qualified(context, NamedParameterJdbcTemplate.class, "orders").getJdbcTemplate())
				.isSameAs(context.getBean("mine"));
		});
	}

	@ParameterizedTest
	@CsvSource({ "orders, JdbcClient", "orders, TransactionTemplate", "catalog, MongoTemplate" })
	void aBeanReplacesThatOfTheStarter(String database, String type) {
		this.runner.withUserConfiguration(ClassUtils.resolveClassName(getClass().getName() + "$Own" + type, null))
			.run((context) -> assertReplaced(context, context.getType("mine"), database + type, database));
	}

	@Test
	void aTransactionManagerReplacesThatOfTheStarterAndTheTemplateUsesIt() {
		this.runner.withUserConfiguration(OwnTransactionManager.class).run((context) -> {
			assertReplaced(context, PlatformTransactionManager.class, "ordersTransactionManager");
			assertThat(qualified(context, TransactionTemplate.class, "orders").getTransactionManager())
				.isSameAs(context.getBean("mine"));
		});
	}

	@Test
	void aMongoClientReplacesThatOfTheStarterAndTheOthersUseIt() {
		try (MongoClient own = MongoClients.create(mongoUrl)) {
			OwnMongoClient.instance = own;
			this.runner.withUserConfiguration(OwnMongoClient.class).run((context) -> {
				assertReplaced(context, MongoClient.class, "catalogMongoClient", "catalog");
				qualified(context, MongoTemplate.class, "catalog").insert(new Document("_id", "own"), "item");
				assertThat(qualified(context, MongoTemplate.class, "catalog").getDb().getName()).isEqualTo("catalog");
				assertThat(own.getDatabase("catalog").getCollection("item").find()).hasSize(1);
				assertThat(own.getClusterDescription().getClusterSettings().getHosts()).hasSize(1);
				assertThat(context.getBean(Databases.class).get("catalog").getState()).isEqualTo(DatabaseState.UP);
			});
			assertThat(own.getDatabase("catalog").getCollection("item").find()).hasSize(1);
		}
		assertThatIllegalStateException()
			.isThrownBy(() -> OwnMongoClient.instance.getDatabase("catalog").listCollectionNames().first());
	}

	@Test
	void aMongoDatabaseFactoryReplacesThatOfTheStarterAndTheOthersUseIt() {
		this.runner.withUserConfiguration(OwnMongoDatabaseFactory.class).run((context) -> {
			assertReplaced(context, MongoDatabaseFactory.class, "catalogMongoDatabaseFactory", "catalog");
			assertThat(qualified(context, MongoTemplate.class, "catalog").getMongoDatabaseFactory())
				.isSameAs(context.getBean("mine"));
			assertThat(qualified(context, PlatformTransactionManager.class, "catalog")).isInstanceOfSatisfying(
					MongoTransactionManager.class,
					(manager) -> assertThat(manager.getDatabaseFactory()).isSameAs(context.getBean("mine")));
		});
	}

	@Test
	void aBeanWithTheNameOfTheStarterButWithoutQualifierIsRejected() {
		this.runner.withUserConfiguration(UnqualifiedJdbcClient.class)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': the application defines a bean 'ordersJdbcClient' without the qualifier of the database, but this is the name of the database's own JdbcClient.

							Add @Qualifier("orders") to the bean, so that it replaces the database's own, or give it another \
							name."""));
	}

	@Test
	void severalBeansOfOneTypeAndQualifierAreRejected() {
		this.runner.withUserConfiguration(TwoJdbcClients.class)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo("""
					Database 'orders': the beans one, two are all of type \
					org.springframework.jdbc.core.simple.JdbcClient under its qualifier.

					Keep the qualifier 'orders' on one of them."""));
	}

	@Test
	void aBeanThatRequiresTheOneThatItReplacesIsRejected() {
		this.runner.withUserConfiguration(SelfReference.class)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo("""
					Database 'orders': the bean 'library' has the qualifier of the database and therefore replaces \
					the database's own DataSource, but it requires that bean itself.

					Remove the qualifier 'orders' from the bean, which can have that of a library, and keep it at the \
					parameter. If the name of the bean is 'orders', rename it."""));
	}

	@Test
	void aDataSourceWithoutQualifierStaysTheDefaultOne() {
		new ApplicationContextRunner().withUserConfiguration(Application.class, UnqualifiedDataSource.class)
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:user-in-addition", "spring.liquibase.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("mine"));
				assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isSameAs(context.getBean("mine"));
				assertThat(qualified(context, JdbcTemplate.class, "orders").getDataSource())
					.isSameAs(context.getBean("ordersDataSource"));
			});
	}

	@Test
	void beansDependOnAFlywayOfTheApplicationThatHasTheNameOfTheStarter() {
		this.runner.withUserConfiguration(OwnFlyway.class)
			.withPropertyValues("app.dbs.orders.flyway.table=history")
			.run((context) -> assertThat(context.getSourceApplicationContext()
				.getBeanFactory()
				.getBeanDefinition("ordersJdbcClient")
				.getDependsOn()).contains("ordersFlyway"));
	}

	private static void assertReplaced(AssertableApplicationContext context, Class<?> type, String beanName) {
		assertReplaced(context, type, beanName, "orders");
	}

	private static void assertReplaced(AssertableApplicationContext context, Class<?> type, String beanName,
			String database) {
		assertThat(context).hasNotFailed();
		assertThat(context.containsBeanDefinition(beanName)).isFalse();
		assertThat(qualified(context, type, database)).isSameAs(context.getBean("mine"));
	}

	private static <T> T qualified(AssertableApplicationContext context, Class<T> type, String qualifier) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, qualifier);
	}

	/**
	 * Returns the names of the open pools.
	 */
	private static List<String> openPools() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map((thread) -> thread.getName().split(":")[0])
			.distinct()
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		static HikariDataSource instance;

		@Bean(destroyMethod = "")
		@Qualifier("orders")
		DataSource mine() {
			return instance;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnJdbcTemplate {

		@Bean
		@Qualifier("orders")
		JdbcTemplate mine(@Qualifier("orders") DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnJdbcClient {

		@Bean
		@Qualifier("orders")
		JdbcClient mine(@Qualifier("orders") DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTransactionManager {

		@Bean
		@Qualifier("orders")
		JdbcTransactionManager mine(@Qualifier("orders") DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTransactionTemplate {

		@Bean
		@Qualifier("orders")
		TransactionTemplate mine(@Qualifier("orders") PlatformTransactionManager transactionManager) {
			return new TransactionTemplate(transactionManager);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMongoClient {

		static MongoClient instance;

		@Bean(destroyMethod = "")
		@Qualifier("catalog")
		MongoClient mine() {
			return instance;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMongoDatabaseFactory {

		@Bean
		@Qualifier("catalog")
		MongoDatabaseFactory mine(@Qualifier("catalog") MongoClient client) {
			return new SimpleMongoClientDatabaseFactory(client, "own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMongoTemplate {

		@Bean
		@Qualifier("catalog")
		MongoTemplate mine(@Qualifier("catalog") MongoDatabaseFactory factory) {
			return new MongoTemplate(factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnqualifiedJdbcClient {

		@Bean
		JdbcClient ordersJdbcClient(@Qualifier("orders") DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFlyway {

		@Bean
		@Qualifier("orders")
		Flyway ordersFlyway(@Qualifier("orders") DataSource dataSource) {
			return Flyway.configure().dataSource(dataSource).load();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SelfReference {

		@Bean(defaultCandidate = false)
		@Qualifier("orders")
		DataSource library(@Qualifier("orders") DataSource dataSource) {
			return dataSource;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoJdbcClients {

		@Bean
		@Qualifier("orders")
		JdbcClient one(@Qualifier("orders") DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

		@Bean
		@Qualifier("orders")
		JdbcClient two(@Qualifier("orders") DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnqualifiedDataSource {

		@Bean
		DataSource mine() {
			return new DriverManagerDataSource("jdbc:h2:mem:user-default;DB_CLOSE_DELAY=-1");
		}

	}

}
