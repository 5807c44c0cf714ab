package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorSecurity;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for databases with {@code enabled: false}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DisabledDatabaseTests {

	private static final String YAML = """
			app:
			  dbs:
			    orders:
			      url: jdbc:h2:mem:orders
			    audit:
			      url: postgresql://${AUDIT_HOST}/audit
			      password: ${AUDIT_PASSWORD}
			      pool:
			        max-size: ${AUDIT_POOL}
			      replicas:
			      - url: ${AUDIT_REPLICA}
			      flyway:
			        locations: classpath:nowhere
			      enabled: false
			""";

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(IgnoredKeysRegistrar.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false", "spring.liquibase.enabled=false");

	@BeforeEach
	void logInfo() {
		LOGGER.setLevel(Level.INFO);
	}

	@AfterEach
	void restoreLevel() {
		LOGGER.setLevel(null);
	}

	@Test
	void aDisabledDatabaseHasNoBeansAndIsNotOpened(CapturedOutput output) {
		with(EnvironmentBuilder.yaml(YAML).build()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Databases.class).getNames()).containsExactly("orders");
			assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith("audit"));
			assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("ordersDataSource"));
			assertThat(context.containsBean("transactionManager")).isTrue();
		});
		assertThat(output).containsOnlyOnce("Disabled databases: audit ('app.dbs.audit.enabled')")
			.doesNotContain("WARN");
	}

	@Test
	void aDisabledDatabaseIsNotPrimary() {
		this.runner
			.withPropertyValues(h2("orders"), h2("audit"), h2("metadata"), "app.dbs.audit.primary=true",
					"app.dbs.orders.primary=true", "app.dbs.audit.enabled=false")
			.run((context) -> assertThat(context.getBean(DataSource.class))
				.isSameAs(context.getBean("ordersDataSource")));
	}

	@Test
	void aDataSourceThatTheApplicationDefinesForADisabledDatabaseIsNotTheDefaultOne() {
		this.runner.withUserConfiguration(AuditDataSource.class)
			.withPropertyValues(h2("orders"), h2("audit"), "app.dbs.audit.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("ordersDataSource"));
			});
	}

	@Test
	void aVariableOfTheEnvironmentDisablesADatabase() {
		ConfigurableEnvironment environment = EnvironmentBuilder.yaml("""
				app:
				  dbs:
				    orders.url: jdbc:h2:mem:orders
				    order-archive.url: jdbc:h2:mem:archive
				""").variable("APP_DBS_ORDERARCHIVE_ENABLED", "false").build();
		assertThat(DatabaseNames.get(environment)).containsExactly("orders");
		assertThat(DisabledDatabase.findAll(environment).get("order-archive").reason())
			.isEqualTo("'app.dbs.order-archive.enabled' is 'false' "
					+ "(\"APP_DBS_ORDERARCHIVE_ENABLED\" from property source \"systemEnvironment\").");
	}

	@Test
	void theDefaultsApplyToDatabasesWithoutTheirOwnValue() {
		assertThat(DatabaseNames.get(
				EnvironmentBuilder
					.properties("app.dbs-defaults.enabled=false", "app.dbs.orders.enabled=true", "app.dbs.audit.url=x",
							"app.dbs.archive.enabled=${ARCHIVE:yes}")
					.build()))
			.containsExactly("orders", "archive");
	}

	@Test
	void whenAllDatabasesAreDisabledThenTheStarterDefinesNothing(CapturedOutput output) {
		this.runner
			.withPropertyValues(h2("orders"), h2("audit"), "app.dbs.audit.enabled=off",
					"app.dbs-defaults.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(Databases.class);
				assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.startsWith("appDbs"));
				assertThat(context.getBeanNamesForType(DataSource.class)).containsExactly("dataSource");
			});
		assertThat(output).containsOnlyOnce(
				"Disabled databases: orders ('app.dbs-defaults.enabled'), audit ('app.dbs.audit.enabled')");
	}

	@Test
	void migrationsOfADisabledDatabaseAreNotRunByBoot() {
		Stream.of("false", "true")
			.forEach((others) -> this.runner.withUserConfiguration(AuditMigration.class)
				.withPropertyValues(h2("orders"), h2("audit"), "app.dbs.audit.enabled=false",
						"app.dbs.orders.enabled=" + others, "spring.flyway.locations=classpath:empty",
						"spring.flyway.fail-on-missing-locations=false", "spring.flyway.enabled=true",
						"spring.datasource.url=jdbc:h2:mem:boot-" + System.nanoTime())
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean("flyway", Flyway.class).info().all()).isEmpty();
				}));
	}

	@Test
	void lookingUpADisabledDatabaseFailsWithTheKeyThatDisablesIt() {
		with(EnvironmentBuilder.yaml(YAML).build())
			.run((context) -> assertThatExceptionOfType(UnknownDatabaseException.class)
				.isThrownBy(() -> context.getBean(Databases.class).get("audit"))
				.withMessage("Database 'audit' is disabled: 'app.dbs.audit.enabled' is 'false' "
						+ "(Byte array resource [application.yml] - 14:16). "
						+ "Set 'app.dbs.audit.enabled' to 'true'."));
	}

	@Test
	void whenADatabaseIsDisabledAfterItsBeansHaveBeenDefinedThenTheStartFails() {
		this.runner.withPropertyValues(h2("orders"))
			.withInitializer((context) -> context.addBeanFactoryPostProcessor((beanFactory) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("late", Map.of("app.dbs.orders.enabled", "false")))))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidDatabaseConfigurationException.class)
				.hasMessage("Database 'orders' is disabled, but was not when the beans of the database were defined: "
						+ "'app.dbs.orders.enabled' is 'false' (\"app.dbs.orders.enabled\" from property source \"late\")."));
	}

	@Test
	void aDisabledDatabaseIsNotInTheActuator() {
		try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET,
				ActuatorSecurity.Servlet.class, h2("orders"), h2("audit"),
				"app.dbs.audit.replicas[0].url=jdbc:h2:mem:replica", "app.dbs.audit.enabled=false",
				"management.endpoint.health.show-components=always")) {
			assertThat(application.get("/health").body()).contains("orders").doesNotContain("audit");
			assertThat(application.get("/databases").body()).contains("orders").doesNotContain("audit");
			assertThat(application.get("/databases/audit").status()).isEqualTo(404);
			assertThat(application.get("/metrics/hikaricp.connections").body()).contains("orders")
				.doesNotContain("audit");
		}
	}

	private ApplicationContextRunner with(ConfigurableEnvironment environment) {
		return this.runner.withInitializer((context) -> {
			List<org.springframework.core.env.PropertySource<?>> sources = environment.getPropertySources()
				.stream()
				.filter((source) -> source.getName().equals("application.yml"))
				.toList();
			sources.forEach(context.getEnvironment().getPropertySources()::addLast);
		});
	}

	private static String h2(String name) {
		return "app.dbs.%s.url=jdbc:h2:mem:disabled-%s-%d".formatted(name, name, System.nanoTime());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class AuditDataSource {

		@Bean
		@Qualifier("audit")
		DataSource ownDataSource() {
			return new org.h2.jdbcx.JdbcDataSource();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AuditMigration {

		@Bean
		@Qualifier("audit")
		JavaMigration auditMigration() {
			return new V1__Audit();
		}

	}

	static class V1__Audit extends BaseJavaMigration {

		@Override
		public void migrate(Context context) {
			throw new IllegalStateException("Must not run");
		}

	}

}
