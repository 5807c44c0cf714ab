package io.appdbs.bean;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.DatabasesEndpointWebExtension;
import io.appdbs.autoconfigure.DatabaseHealthContributorAutoConfiguration;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesEndpointAutoConfiguration;
import io.appdbs.migration.MigrationTests;
import io.appdbs.query.jdbc.QueryLogDataSource;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.HealthSettings;
import io.appdbs.settings.PoolSettings;
import io.appdbs.settings.ReplicaReadSettings;
import io.appdbs.settings.ReplicaSettings;
import io.appdbs.settings.RetrySettings;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.StartupSettings;
import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.testsupport.MigrationFolder;
import liquibase.integration.spring.SpringLiquibase;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bson.Document;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.mongodb.autoconfigure.health.MongoHealthContributorAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.relational.core.mapping.event.BeforeConvertCallback;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.javapoet.ClassName;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for named databases in an application that was processed ahead of time.
 */
@ApplicationClassLoader
class AheadOfTimeTests {

	private static final String YAML = """
			app:
			  dbs:
			    orders:
			      url: embedded:h2
			    order-archive:
			      url: embedded:h2
			      primary: %s
			    catalog:
			      url: embedded:mongodb
			  dbs-defaults:
			    query-log: true
			""";

	private final MigrationFolder migrations;

	private final AtomicInteger applications = new AtomicInteger();

	AheadOfTimeTests(@TempDir Path folder) {
		this.migrations = new MigrationFolder(folder);
	}

	/**
	 * One test, since each would load and compile all classes again.
	 */
	@Test
	@CompileWithForkedClassLoader
	void applicationsWorkAsWithoutProcessing() {
		assertThat(List.<Runnable>of(this::beansWorkAsWithoutProcessing, this::thePrimaryDatabaseAndItsAliasesAreKept,
				this::databasesAreMigratedWithTheirAdditions, this::additionsToADatabaseAreHiddenFromBootsOwnFlyway,
				this::transactionsOfRepositoriesAreRetried, this::healthAndEndpointAreKept, this::settingsAreShown))
			.allSatisfy(Runnable::run);
	}

	private void beansWorkAsWithoutProcessing() {
		process(YAML.formatted(false), this::assertWorks);
	}

	private void thePrimaryDatabaseAndItsAliasesAreKept() {
		process(YAML.formatted(true), (context) -> {
			assertWorks(context);
			Object manager = context.getBean("orderArchiveTransactionManager");
			assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("orderArchiveDataSource"));
			assertThat(context.getBean(PlatformTransactionManager.class)).isSameAs(manager);
			assertThat(context.getBean("transactionManager")).isSameAs(manager);
			assertThat(context.getBean("orderArchivePlatformTransactionManager")).isSameAs(manager);
			assertThat(context.getBean(MongoTemplate.class)).isSameAs(context.getBean("mongoTemplate"));
			assertThat(context.getBean(NamedReader.class).template).isSameAs(context.getBean("ordersJdbcTemplate"));
			assertThat(context.getBean(NamedReader.class).client).isSameAs(context.getBean("ordersJdbcClient"));
		});
	}

	private void databasesAreMigratedWithTheirAdditions() {
		this.migrations.write("orders/V1__create.sql", "create table item (name varchar(20));")
			.write("audit/V1__create.sql", "create table item (name varchar(20));")
			.changelog("changes", MigrationFolder.changeSet("create", "create table item (name varchar(20))"),
					MigrationFolder.changeSet("fill", "insert into item values ('liquibase')"));
		process("""
				app:
				  dbs:
				    orders:
				      url: embedded:h2
				    audit:
				      url: embedded:h2
				      flyway:
				        table: history
				    changes:
				      url: embedded:h2
				    plain:
				      url: embedded:h2
				""", this.migrations.classLoader(), MigratedApplication.class, (context) -> {
			assertThat(selectItems(context, "orders")).containsExactly("java", "callback");
			assertThat(selectItems(context, "audit")).isEmpty();
			assertThat(selectItems(context, "changes")).containsExactly("liquibase");
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), SpringLiquibase.class,
					"changes"))
				.isSameAs(context.getBean("changesLiquibase"));
			assertThat(context.getBeanNamesForType(Flyway.class)).containsExactlyInAnyOrder("ordersFlyway",
					"auditFlyway");
			Flyway flyway = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), Flyway.class,
					"orders");
			assertThat(flyway.getConfiguration().getInstalledBy()).isEqualTo("customizer");
			assertThat(flyway.info().applied()).hasSize(2);
			assertThat(context.getBean("auditFlyway", Flyway.class).getConfiguration().getTable()).isEqualTo("history");
			assertThat(context.getBean("auditFlyway", Flyway.class).info().applied()).hasSize(1);
			for (String name : context.getBeanDefinitionNames()) {
				String[] dependencies = context.getBeanDefinition(name).getDependsOn();
				assertThat((dependencies != null) ? dependencies : new String[0]).as(name)
					.doesNotContain("ordersFlyway", "auditFlyway");
			}
		});
	}

	private void additionsToADatabaseAreHiddenFromBootsOwnFlyway() {
		this.migrations.write("orders/V1__create.sql", "create table item (name varchar(20));");
		process("""
				app:
				  dbs:
				    orders:
				      url: embedded:h2
				spring:
				  datasource:
				    url: jdbc:h2:mem:ahead-of-time-boot
				  flyway:
				    locations: classpath:none
				""", this.migrations.classLoader(), MigratedApplication.class, (context) -> {
			assertThat(selectItems(context, "orders")).containsExactly("java", "callback");
			assertThat(context.getBean(Flyway.class)).isSameAs(context.getBean("flyway"));
			assertThat(context.getBean(Flyway.class).getConfiguration().getCallbacks()).isEmpty();
			assertThat(context.getBean(Flyway.class).info().all()).isEmpty();
		});
	}

	private void transactionsOfRepositoriesAreRetried() {
		process("""
				app:
				  dbs:
				    orders:
				      url: embedded:h2
				      primary: true
				    audit:
				      url: embedded:h2
				      retry: { enabled: true, initial-delay: 1ms }
				""", AheadOfTimeTests.class.getClassLoader(), RepositoryApplication.class, (context) -> {
			BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), JdbcClient.class, "orders")
				.sql("CREATE TABLE item (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))")
				.update();
			List<String> attempts = context.getBean(Attempts.class).names;
			context.getBean(Items.class).save(new Item(null, "a"));
			assertThat(attempts).containsExactly("a", "a");
		});
	}

	private void healthAndEndpointAreKept() {
		process("""
				app:
				  dbs:
				    orders:
				      url: embedded:h2
				    catalog:
				      url: embedded:mongodb
				management:
				  endpoint.databases.access: UNRESTRICTED
				  endpoints.web.exposure.include: "*"
				spring:
				  datasource:
				    url: jdbc:h2:mem:ahead-of-time-health
				""", AheadOfTimeTests.class.getClassLoader(), ObservedApplication.class, (context) -> {
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("dbs", "orders").getStatus())
				.isEqualTo(Status.UP);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("readiness", "dbs", "catalog").getStatus())
				.isEqualTo(Status.UP);
			HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
			assertThat(registry.getContributor("db")).isInstanceOf(DataSourceHealthIndicator.class);
			assertThat(registry.getContributor("mongo")).isNull();
			DatabasesEndpoint endpoint = context.getBean(DatabasesEndpoint.class);
			assertThat(endpoint.operate("orders", "suspend", "fail", null, null).drained()).isTrue();
			assertThat(endpoint.database("orders").suspended()).isTrue();
			assertThat(context.getBean(DatabasesEndpointWebExtension.class)).isNotNull();
		});
	}

	private void settingsAreShown() {
		process(YAML.formatted(false), AheadOfTimeTests.class.getClassLoader(), ObservedApplication.class,
				(context) -> {
					assertThat(context.getBean("appDbsSettings")).asInstanceOf(InstanceOfAssertFactories.MAP)
						.containsOnlyKeys("orders", "order-archive", "catalog");
					assertThat(ConfigurationPropertiesBean.getAll(context).values())
						.extracting((bean) -> bean.getAnnotation().prefix())
						.contains("app.dbs", "app.dbs-defaults");
					assertThat(context.getBean(DatabaseSettings.class).queryLog()).isTrue();
				});
	}

	@Test
	void everyTypeOfTheSettingsCanBeBoundInANativeImage() {
		GenericApplicationContext source = create(YAML.formatted(false), AheadOfTimeTests.class.getClassLoader());
		new AnnotatedBeanDefinitionReader(source).register(Application.class);
		TestGenerationContext generation = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
		source.close();
		assertThat(Stream.of(DatabaseSettings.class, CredentialsSettings.class, PoolSettings.class,
				StartupSettings.class, HealthSettings.class, RlsSettings.class, RlsSettings.Setting.class,
				RetrySettings.class, ReplicaSettings.class, ReplicaReadSettings.class))
			.allSatisfy((type) -> assertThat(
					RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.accepts(generation.getRuntimeHints()));
	}

	private static List<String> selectItems(GenericApplicationContext context, String name) {
		JdbcClient client = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), JdbcClient.class,
				name);
		return client.sql("SELECT name FROM item").query(String.class).list();
	}

	private void assertWorks(GenericApplicationContext context) {
		assertThat(context.getBean(Databases.class).getNames()).containsExactly("orders", "order-archive", "catalog");
		for (String name : List.of("orders", "order-archive")) {
			JdbcClient client = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					JdbcClient.class, name);
			client.sql("CREATE TABLE item (id INT)").update();
			DSLContext jooq = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), DSLContext.class,
					name);
			assertThat(jooq.dialect()).isEqualTo(SQLDialect.H2);
			assertThat(jooq.fetchCount(DSL.table("item"))).isZero();
		}
		assertThat(context.getBean("ordersDataSource")).isInstanceOf(QueryLogDataSource.class);
		Writer writer = context.getBean(Writer.class);
		assertThatIllegalStateException().isThrownBy(writer::insertAndFail);
		assertThat(writer.count()).containsExactly(0, 1);
		MongoTemplate template = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
				MongoTemplate.class, "catalog");
		template.insert(new Document("_id", "item"), "item");
		assertThat(template.findAll(Document.class, "item")).hasSize(1);
	}

	private void process(String yaml, Consumer<GenericApplicationContext> test) {
		process(yaml, AheadOfTimeTests.class.getClassLoader(), Application.class, test);
	}

	@SuppressWarnings("unchecked")
	private void process(String yaml, ClassLoader classLoader, Class<?> application,
			Consumer<GenericApplicationContext> test) {
		GenericApplicationContext source = create(yaml, classLoader);
		new AnnotatedBeanDefinitionReader(source).register(application);
		// the generated classes are loaded by one class loader
		TestGenerationContext generation = new TestGenerationContext();
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(source,
				generation.withName("Application" + this.applications.incrementAndGet()));
		generation.writeGeneratedContent();
		source.close();
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			SpringProperties.setProperty("spring.aot.enabled", "true");
			try (GenericApplicationContext context = create(yaml, classLoader)) {
				compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()).initialize(context);
				context.refresh();
				test.accept(context);
			}
			finally {
				SpringProperties.setProperty("spring.aot.enabled", null);
			}
		});
	}

	private static GenericApplicationContext create(String yaml, ClassLoader classLoader) {
		GenericApplicationContext context = new GenericApplicationContext();
		context.setClassLoader(classLoader);
		context.setEnvironment(EnvironmentBuilder.yaml(yaml).build());
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, TransactionAutoConfiguration.class,
			DatabaseTransactionAutoConfiguration.class })
	@Import({ Writer.class, NamedReader.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			FlywayAutoConfiguration.class })
	@Import(MigrationTests.Additions.class)
	static class MigratedApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DatabaseHealthContributorAutoConfiguration.class,
			DatabasesEndpointAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DataSourceHealthContributorAutoConfiguration.class, MongoHealthContributorAutoConfiguration.class,
			HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
			AvailabilityProbesAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class,
			EndpointAutoConfiguration.class })
	static class ObservedApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, TransactionAutoConfiguration.class,
			DataJdbcRepositoriesAutoConfiguration.class })
	@EnableJdbcRepositories(considerNestedRepositories = true, transactionManagerRef = "auditTransactionManager",
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Items.class))
	@Import(Attempts.class)
	static class RepositoryApplication {

	}

	interface Items extends ListCrudRepository<Item, Integer> {

	}

	record Item(@Id Integer id, String name) {

	}

	/**
	 * Fails the first attempt with a conflict.
	 */
	static class Attempts implements BeforeConvertCallback<Item> {

		private final List<String> names = new ArrayList<>();

		@Override
		public Item onBeforeConvert(Item item) {
			this.names.add(item.name());
			if (this.names.size() == 1) {
				throw new CannotAcquireLockException("conflict", new SQLException("", "40001"));
			}
			return item;
		}

	}

	/**
	 * Injects beans of a database that is not primary by their names.
	 */
	static class NamedReader {

		private final JdbcTemplate template;

		private final JdbcClient client;

		NamedReader(JdbcTemplate ordersJdbcTemplate, @Qualifier("ordersJdbcClient") JdbcClient client) {
			this.template = ordersJdbcTemplate;
			this.client = client;
		}

	}

	static class Writer {

		private final JdbcClient orders;

		private final JdbcClient archive;

		Writer(@Qualifier("orders") JdbcClient orders, @Qualifier("order-archive") JdbcClient archive) {
			this.orders = orders;
			this.archive = archive;
		}

		@Transactional("orders")
		void insertAndFail() {
			this.orders.sql("INSERT INTO item VALUES (1)").update();
			this.archive.sql("INSERT INTO item VALUES (1)").update();
			throw new IllegalStateException("Rolled back");
		}

		List<Integer> count() {
			return List.of(count(this.orders), count(this.archive));
		}

		private static int count(JdbcClient client) {
			return client.sql("SELECT COUNT(*) FROM item").query(Integer.class).single();
		}

	}

}
