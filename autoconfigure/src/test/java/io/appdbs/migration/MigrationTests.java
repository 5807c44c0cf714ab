package io.appdbs.migration;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.Databases;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.MigrationFolder;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.actuate.endpoint.FlywayEndpoint;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for migrations of databases, with everything of Boot on the class path.
 */
@ExtendWith(OutputCaptureExtension.class)
public class MigrationTests {

	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@BeforeAll
	static void startServers() {
		logger().setLevel(Level.INFO);
		servers.getUrl("embedded:postgresql", "first");
		servers.getUrl("embedded:mariadb", "first");
	}

	@AfterAll
	static void stopServers() throws Exception {
		logger().setLevel(null);
		servers.close();
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.appdbs.migration");
	}

	static Stream<String> urls() {
		return Stream.of("embedded:postgresql", "embedded:mariadb", "jdbc:h2:mem:");
	}

	@ParameterizedTest
	@MethodSource("urls")
	void theDefaultLocationIsMigratedBeforeTheDatabaseIsUsed(String kind, CapturedOutput output) {
		create("orders/V1").write("orders/V2__fill.sql", "insert into item values ('one');");
		runner("app.dbs.orders.url=" + url(kind, "default_location")).run((context) -> {
			assertThat(select(context, "orders")).containsExactly("one");
			Flyway flyway = context.getBean("ordersFlyway", Flyway.class);
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), Flyway.class, "orders"))
				.isSameAs(flyway);
			assertThat(context.getBean(Flyway.class)).isSameAs(flyway);
			assertThat(flyway.info().current().getVersion()).isEqualTo(MigrationVersion.fromVersion("2"));
			assertThat(context.getBeanNamesForType(Flyway.class)).containsExactly("ordersFlyway");
		});
		assertThat(output).containsOnlyOnce("Database 'orders' was migrated to version 2 by 2 migrations in ");
	}

	@Test
	void aMariaDbServerWithAMySqlUrlIsMigratedAndReportedAsMariaDb() {
		create("orders/V1");
		String url = url("embedded:mariadb", "mysql_url").replaceFirst("^mariadb:", "mysql:");
		runner("app.dbs.orders.url=" + url,
				"spring.autoconfigure.exclude=" + HibernateJpaAutoConfiguration.class.getName())
			.run((context) -> {
				assertThat(select(context, "orders")).isEmpty();
				assertThat(context.getBean(Databases.class).get("orders").getEngine()).isEqualTo("mariadb");
			});
	}

	@Test
	void withoutMigrationsThereIsNoFlyway() {
		runner("app.dbs.orders.url=jdbc:h2:mem:none")
			.run((context) -> assertThat(context).doesNotHaveBean(Flyway.class).doesNotHaveBean("appDbsMigrations"));
	}

	@Test
	void whenFlywayIsDisabledThenNothingIsMigrated() {
		create("orders/V1", "audit/V1");
		runner("app.dbs.orders.url=jdbc:h2:mem:disabled-o", "app.dbs.orders.flyway.enabled=false",
				"app.dbs.audit.url=jdbc:h2:mem:disabled-a")
			.run((context) -> {
				assertThat(context.getBeanNamesForType(Flyway.class)).containsExactly("auditFlyway");
				assertThat(client(context, "orders")
					.sql("select count(*) from information_schema.tables where table_schema = 'PUBLIC'")
					.query(Integer.class)
					.single()).isZero();
			});
	}

	@Test
	void optionsAreReadInBothNotations() {
		migrations().write("shared/V1__create.sql", "create table ${prefix}item (name varchar(20));")
			.write("more/V2__fill.sql", "insert into ${prefix}item values ('${Value}');");
		runner("app.dbs.orders.url=" + url("embedded:postgresql", "options"),
				"app.dbs.orders.flyway.locations[0]=classpath:db/migration/shared",
				"app.dbs.orders.flyway.locations[1]=classpath:db/migration/more",
				"app.dbs.orders.flyway.baselineOnMigrate=true", "app.dbs.orders.flyway.baseline-version=0",
				"app.dbs.orders.flyway.placeholders.prefix=", "app.dbs.orders.flyway.placeholders.Value=two",
				"app.dbs.orders.flyway.table=history", "app.dbs.orders.flyway.postgresql.transactional-lock=false",
				"app.dbs.orders.flyway.schemas=public,extra", "app.dbs-defaults.flyway.connect-retries=1")
			.run((context) -> {
				assertThat(select(context, "orders")).containsExactly("two");
				Flyway flyway = context.getBean(Flyway.class);
				assertThat(flyway.getConfiguration().isFailOnMissingLocations()).isTrue();
				assertThat(flyway.getConfiguration().getTable()).isEqualTo("history");
				assertThat(flyway.getConfiguration().getSchemas()).containsExactly("public", "extra");
				assertThat(flyway.getConfiguration().isBaselineOnMigrate()).isTrue();
				assertThat(flyway.getConfiguration().getConnectRetries()).isOne();
				assertThat(flyway.getConfiguration()
					.getPluginRegister()
					.getExact(org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension.class)
					.isTransactionalLock()).isFalse();
			});
	}

	@Test
	void migrationsCanHaveASeparateLogin() {
		String url = url("embedded:postgresql", "login");
		runner("app.dbs.orders.url=" + url).run((context) -> {
			client(context, "orders").sql("create role migrator login superuser password 's3cr3t-m'").update();
			client(context, "orders").sql("create role app login password 's3cr3t-a'").update();
		});
		migrations().write("orders/V1__create.sql",
				"create table item (name varchar(20)); grant select on item to app; insert into item values (user);");
		runner("app.dbs.orders.url=" + url.replace("postgres@", ""), "app.dbs.orders.username=app",
				"app.dbs.orders.password=s3cr3t-a", "app.dbs.orders.flyway.username=migrator",
				"app.dbs.orders.flyway.password=s3cr3t-m", "app.dbs.orders.flyway.url=" + url.replace("postgres@", ""))
			.run((context) -> {
				assertThat(select(context, "orders")).containsExactly("migrator");
				assertThat(client(context, "orders").sql("select current_user").query(String.class).single())
					.isEqualTo("app");
			});
	}

	@Test
	void callbacksAndJavaMigrationsAreBoundToTheirDatabase() {
		create("orders/V1", "audit/V1");
		runner("app.dbs.orders.url=jdbc:h2:mem:bound-o", "app.dbs.audit.url=jdbc:h2:mem:bound-a",
				"spring.datasource.url=jdbc:h2:mem:bound-boot", "spring.flyway.locations=classpath:none")
			.withUserConfiguration(Additions.class)
			.run((context) -> {
				assertThat(select(context, "orders")).containsExactly("java", "callback");
				assertThat(select(context, "audit")).isEmpty();
				assertThat(context.getBean("ordersFlyway", Flyway.class).getConfiguration().getInstalledBy())
					.isEqualTo("customizer");
				assertThat(context.getBean("flyway", Flyway.class).info().applied()).isEmpty();
				assertThat(context.getBean("flyway", Flyway.class).getConfiguration().getCallbacks()).isEmpty();
			});
	}

	@Test
	void aJavaMigrationIsSufficient() {
		runner("app.dbs.orders.url=jdbc:h2:mem:java;INIT=create table if not exists item(name varchar(20))",
				"app.dbs.orders.flyway.baseline-on-migrate=true", "app.dbs.orders.flyway.baseline-version=0")
			.withUserConfiguration(Additions.class)
			.run((context) -> assertThat(context).getBean("ordersFlyway", Flyway.class)
				.satisfies((flyway) -> assertThat(flyway.info().applied()).extracting(MigrationInfo::getScript)
					.contains(V3__Java.class.getName())));
	}

	@Test
	void bootsEndpointListsAll() {
		create("orders/V1", "audit/V7");
		runner("app.dbs.orders.url=jdbc:h2:mem:listed-o", "app.dbs.audit.url=jdbc:h2:mem:listed-a",
				"app.dbs.other.url=jdbc:h2:mem:listed-other", "management.endpoints.web.exposure.include=flyway",
				"spring.flyway.enabled=false")
			.run((context) -> assertThat(context.getBean(FlywayEndpoint.class)
				.flywayBeans()
				.getContexts()
				.get(context.getId())
				.getFlywayBeans()).containsOnlyKeys("ordersFlyway", "auditFlyway"));
	}

	@Test
	void theEndpointExistsIfThePrimaryDatabaseHasNoMigrations() {
		create("audit/V7");
		runner("app.dbs.orders.url=jdbc:h2:mem:endpoint-o", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:endpoint-a", "management.endpoints.web.exposure.include=flyway")
			.run((context) -> {
				assertThat(context).hasSingleBean(FlywayEndpoint.class);
				BeanDefinition definition = context.getBeanFactory().getBeanDefinition("auditFlyway");
				assertThat(((AbstractBeanDefinition) definition).isDefaultCandidate()).isFalse();
			});
	}

	@Test
	void bootsFlywayDoesNotChange() {
		create("orders/V1").write("boot/V5__create.sql", "create table boots (name varchar(20));");
		runner("app.dbs.orders.url=jdbc:h2:mem:beside-o", "spring.datasource.url=jdbc:h2:mem:beside-boot",
				"spring.flyway.locations=classpath:db/migration/boot")
			.run((context) -> {
				assertThat(context.getBeanNamesForType(Flyway.class)).containsExactlyInAnyOrder("flyway",
						"ordersFlyway");
				assertThat(context.getBean(Flyway.class)).isSameAs(context.getBean("flyway"));
				assertThat(context.getBean("flyway", Flyway.class).info().current().getVersion())
					.isEqualTo(MigrationVersion.fromVersion("5"));
				assertThat(context.getBean("ordersFlyway", Flyway.class).info().current().getVersion())
					.isEqualTo(MigrationVersion.fromVersion("1"));
			});
	}

	@Test
	void bootsConfiguredFlywayMigratesThePrimaryDatabase() {
		create("audit/V1").write("boot/V5__create.sql", "create table boots (name varchar(20));");
		runner("app.dbs.orders.url=jdbc:h2:mem:both-o", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:both-a", "spring.flyway.locations=classpath:db/migration/boot")
			.run((context) -> {
				assertThat(context.getBean(Flyway.class).getConfiguration().getDataSource())
					.isSameAs(context.getBean("ordersDataSource"));
				assertThat(context.getBean("auditFlyway", Flyway.class).info().applied()).hasSize(1);
			});
	}

	@Test
	void bootsFlywayDoesNotMigrateThePrimaryDatabaseIfTheApplicationHasAnotherDataSource() {
		create("orders/V1", "audit/V7");
		runner("app.dbs.orders.url=jdbc:h2:mem:other-o", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=jdbc:h2:mem:other-a")
			.withUserConfiguration(OtherDataSource.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeanNamesForType(Flyway.class)).containsExactlyInAnyOrder("ordersFlyway",
						"auditFlyway");
				assertThat(context.getBean(Flyway.class)).isSameAs(context.getBean("ordersFlyway"));
			});
	}

	@Test
	void beansDoNotDependOnTheFlywayOfANamedDatabase() {
		create("orders/V1", "audit/V7");
		runner("app.dbs.orders.url=jdbc:h2:mem:depends-o", "app.dbs.audit.url=jdbc:h2:mem:depends-a").run((context) -> {
			for (String name : context.getBeanDefinitionNames()) {
				String[] dependencies = context.getBeanFactory().getBeanDefinition(name).getDependsOn();
				assertThat((dependencies != null) ? dependencies : new String[0]).as(name)
					.doesNotContain("ordersFlyway", "auditFlyway");
			}
		});
	}

	@Test
	void explicitDependenciesOfABeanAreKept() {
		create("orders/V1", "audit/V7");
		runner("app.dbs.orders.url=jdbc:h2:mem:explicit-o", "app.dbs.audit.url=jdbc:h2:mem:explicit-a")
			.withUserConfiguration(ExplicitDependencies.class)
			.run((context) -> {
				assertThat(dependencies(context, "report")).containsExactly("auditFlyway");
				assertThat(dependencies(context, "reportClient")).containsExactly("auditFlyway");
				assertThat(dependencies(context, "ordersJdbcClient")).isNullOrEmpty();
			});
	}

	private static String[] dependencies(AssertableApplicationContext context, String beanName) {
		return context.getSourceApplicationContext().getBeanFactory().getBeanDefinition(beanName).getDependsOn();
	}

	private MigrationFolder create(String... versions) {
		for (String version : versions) {
			migrations().write(version + "__create.sql", "create table item (name varchar(20));");
		}
		return migrations();
	}

	private MigrationFolder migrations() {
		return new MigrationFolder(this.folder);
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withClassLoader(migrations().classLoader())
			.withPropertyValues("spring.data.jpa.repositories.enabled=false", "spring.jpa.hibernate.ddl-auto=none",
					"spring.liquibase.enabled=false")
			.withPropertyValues(properties);
	}

	private static String url(String kind, String name) {
		return kind.startsWith("embedded:") ? servers.getUrl(kind, name) : kind + name;
	}

	private static JdbcClient client(ApplicationContext context, String name) {
		return context.getBean(name + "JdbcClient", JdbcClient.class);
	}

	private static List<String> select(ApplicationContext context, String name) {
		return client(context, name).sql("select name from item").query(String.class).list();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	public static class Additions {

		@Bean
		@Qualifier("orders")
		JavaMigration javaMigration() {
			return new V3__Java();
		}

		@Bean
		@Qualifier("orders")
		Callback callback() {
			return new InsertingCallback();
		}

		@Bean
		@Qualifier("orders")
		FlywayConfigurationCustomizer customizer() {
			return (configuration) -> configuration.installedBy("customizer");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ExplicitDependencies {

		@Bean
		@DependsOn("auditFlyway")
		Object report() {
			return new Object();
		}

		@Bean(defaultCandidate = false)
		@DependsOn("auditFlyway")
		JdbcClient reportClient(@Qualifier("orders") DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherDataSource {

		@Bean
		DataSource other(@Qualifier("audit") DataSource dataSource) {
			return dataSource;
		}

	}

	static class V3__Java extends BaseJavaMigration {

		@Override
		public void migrate(org.flywaydb.core.api.migration.Context context) throws Exception {
			try (var statement = context.getConnection().createStatement()) {
				statement.execute("insert into item values ('java')");
			}
		}

	}

	static class InsertingCallback implements Callback {

		@Override
		public boolean supports(Event event, Context context) {
			return event == Event.AFTER_MIGRATE;
		}

		@Override
		public boolean canHandleInTransaction(Event event, Context context) {
			return true;
		}

		@Override
		public void handle(Event event, Context context) {
			try (var statement = context.getConnection().createStatement()) {
				statement.execute("insert into item values ('callback')");
			}
			catch (java.sql.SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public String getCallbackName() {
			return "inserting";
		}

	}

}
