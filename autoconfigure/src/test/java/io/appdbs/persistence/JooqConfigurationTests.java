package io.appdbs.persistence;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.jooq.Constants;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.ExecuteListenerProvider;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.DefaultConfigurationCustomizer;
import org.springframework.boot.jooq.autoconfigure.ExceptionTranslatorExecuteListener;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.RecoverableDataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the configuration of jOOQ on named databases.
 */
class JooqConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.audit.url=embedded:h2");

	@Test
	void customizersAreForAllDatabasesOrForTheOneWithTheirQualifier() {
		this.runner.withUserConfiguration(Customizers.class, SettingsOfAll.class).run((context) -> {
			assertThat(data(context, "ordersDslContext")).isEqualTo("all orders");
			assertThat(data(context, "auditDslContext")).isEqualTo("all");
			assertThat(settings(context, "ordersDslContext").getQueryTimeout()).isEqualTo(7);
			assertThat(settings(context, "auditDslContext").getQueryTimeout()).isNotEqualTo(7);
		});
	}

	@Test
	void whatIsForOneDatabaseIsHiddenFromBootsOwn() {
		this.runner
			.withUserConfiguration(Customizers.class, SettingsOfOrders.class, Listeners.class, TranslatorOfOrders.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:jooq-hidden")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(data(context, "dslContext")).isEqualTo("all");
				assertThat(settings(context, "dslContext").getRenderNameCase()).isNotEqualTo(RenderNameCase.LOWER);
				assertThat(settings(context, "ordersDslContext").getRenderNameCase()).isEqualTo(RenderNameCase.LOWER);
				assertThat(listeners(context, "dslContext"))
					.containsExactly("DefaultExceptionTranslatorExecuteListener", "ForAll");
				assertThat(listeners(context, "ordersDslContext")).containsExactly("Translator", "ForAll", "ForOrders");
			});
	}

	@Test
	void settingsAreForAllDatabasesOrForTheOneWithTheirQualifier() {
		this.runner.withUserConfiguration(SettingsOfOrders.class, SettingsOfAll.class).run((context) -> {
			assertThat(settings(context, "ordersDslContext").getRenderNameCase()).isEqualTo(RenderNameCase.LOWER);
			assertThat(settings(context, "auditDslContext").getRenderNameCase()).isEqualTo(RenderNameCase.UPPER);
		});
	}

	@Test
	void settingsOfTheFileThatBootReadsAreForAllDatabases(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("jooq.xml"), """
				<settings xmlns="%s"><maxRows>5</maxRows></settings>
				""".formatted(Constants.NS_RUNTIME));
		this.runner.withPropertyValues("spring.jooq.config=" + file.toUri()).run((context) -> {
			assertThat(settings(context, "ordersDslContext").getMaxRows()).isEqualTo(5);
			assertThat(settings(context, "auditDslContext").getMaxRows()).isEqualTo(5);
		});
	}

	@Test
	void listenersAreForAllDatabasesOrForTheOneWithTheirQualifier() {
		this.runner.withUserConfiguration(Listeners.class).run((context) -> {
			assertThat(listeners(context, "ordersDslContext"))
				.containsExactly("DefaultExceptionTranslatorExecuteListener", "ForAll", "ForOrders");
			assertThat(listeners(context, "auditDslContext"))
				.containsExactly("DefaultExceptionTranslatorExecuteListener", "ForAll");
		});
	}

	@Test
	void theTranslatorOfTheApplicationIsUsed() {
		this.runner.withUserConfiguration(TranslatorOfAll.class).run((context) -> {
			for (String name : new String[] { "ordersDslContext", "auditDslContext" }) {
				assertThat(listeners(context, name)).containsExactly("Translator");
				assertThatExceptionOfType(RecoverableDataAccessException.class)
					.isThrownBy(() -> context.getBean(name, DSLContext.class).execute("nonsense"));
			}
		});
		this.runner.withUserConfiguration(TranslatorOfOrders.class).run((context) -> {
			assertThat(listeners(context, "ordersDslContext")).containsExactly("Translator");
			assertThat(listeners(context, "auditDslContext"))
				.containsExactly("DefaultExceptionTranslatorExecuteListener");
		});
	}

	@Test
	void aContextOfTheApplicationReplacesOurs() {
		this.runner.withUserConfiguration(OwnConfiguration.class).run((context) -> {
			assertThat(context.getBeanNamesForType(org.jooq.Configuration.class)).containsExactlyInAnyOrder("own",
					"auditJooqConfiguration");
			assertThat(context.getBean("ordersDslContext", DSLContext.class).dialect()).isEqualTo(SQLDialect.HSQLDB);
			assertThat(context.getBean("auditDslContext", DSLContext.class).dialect()).isEqualTo(SQLDialect.H2);
		});
	}

	@Test
	void thePropertyIsTheDialectOfTheDefaultDatabase() {
		this.runner.withPropertyValues("spring.jooq.sql-dialect=HSQLDB", "app.dbs.orders.primary=true")
			.run((context) -> {
				assertThat(context.getBean("ordersDslContext", DSLContext.class).dialect())
					.isEqualTo(SQLDialect.HSQLDB);
				assertThat(context.getBean("auditDslContext", DSLContext.class).dialect()).isEqualTo(SQLDialect.H2);
			});
	}

	@Test
	void whenThereIsNoDefaultDatabaseThenThePropertyIsAnError() {
		this.runner.withPropertyValues("spring.jooq.sql-dialect=HSQLDB")
			.run((context) -> assertFails(context,
					"'spring.jooq.sql-dialect' is HSQLDB. It applies to the default database, but none of the databases is primary.",
					"Remove 'spring.jooq.sql-dialect', since the engine of each database determines its dialect, or set 'app.dbs.<name>.primary' to true for one of the databases."));
	}

	private static void assertFails(AssertableApplicationContext context, String description, String action) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> context.getBean("ordersDslContext"))
			.havingRootCause()
			.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (ex) -> {
				assertThat(ex).hasMessage(description);
				assertThat(ex.getAction()).isEqualTo(action);
			});
	}

	private static Object data(AssertableApplicationContext context, String name) {
		return context.getBean(name, DSLContext.class).configuration().data("data");
	}

	private static Settings settings(AssertableApplicationContext context, String name) {
		return context.getBean(name, DSLContext.class).settings();
	}

	private static Stream<String> listeners(AssertableApplicationContext context, String name) {
		return Arrays.stream(context.getBean(name, DSLContext.class).configuration().executeListenerProviders())
			.map((provider) -> provider.provide().getClass().getSimpleName());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			TransactionAutoConfiguration.class, JooqAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		DefaultConfigurationCustomizer all() {
			return (configuration) -> configuration.data("data", "all");
		}

		@Bean
		@Qualifier("orders")
		DefaultConfigurationCustomizer ofOrders() {
			return (configuration) -> {
				configuration.data("data", configuration.data("data") + " orders");
				configuration.settings().setQueryTimeout(7);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SettingsOfAll {

		@Bean
		Settings settingsOfAll() {
			return new Settings().withRenderNameCase(RenderNameCase.UPPER);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SettingsOfOrders {

		@Bean
		@Qualifier("orders")
		Settings settingsOfOrders() {
			return new Settings().withRenderNameCase(RenderNameCase.LOWER);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@Bean
		@org.springframework.core.annotation.Order(1)
		ExecuteListenerProvider forAll() {
			return new DefaultExecuteListenerProvider(new ForAll());
		}

		@Bean
		@Qualifier("orders")
		@org.springframework.core.annotation.Order(2)
		ExecuteListenerProvider forOrders() {
			return new DefaultExecuteListenerProvider(new ForOrders());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TranslatorOfAll {

		@Bean
		ExceptionTranslatorExecuteListener translator() {
			return new Translator();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TranslatorOfOrders {

		@Bean
		@Qualifier("orders")
		ExceptionTranslatorExecuteListener translatorOfOrders() {
			return new Translator();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConfiguration {

		@Bean
		@Qualifier("orders")
		org.jooq.Configuration own() {
			return DSL.using(SQLDialect.HSQLDB).configuration();
		}

	}

	static class ForAll implements ExecuteListener {

	}

	static class ForOrders implements ExecuteListener {

	}

	static class Translator implements ExceptionTranslatorExecuteListener {

		@Override
		public void exception(ExecuteContext context) {
			context.exception(new RecoverableDataAccessException("Translated"));
		}

	}

}
