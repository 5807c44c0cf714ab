package io.appdbs.bean;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jdbc.core.dialect.DialectResolver;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.dialect.JdbcOracleDialect;
import org.springframework.data.relational.core.dialect.Dialect;
import org.springframework.data.relational.core.sql.IdentifierProcessing;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DataJdbcBeans}, mostly on databases that are down.
 */
class DataJdbcBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("app.dbs.orders.required=false")
		.withUserConfiguration(Application.class);

	@ParameterizedTest
	@CsvSource({ "postgresql, Application, '', JdbcPostgresDialect",
			"cockroachdb, Application, '', JdbcPostgresDialect", "mysql, Application, '', JdbcMySqlDialect",
			"mariadb, Application, '', JdbcMariaDbDialect", "jdbc:h2:tcp, Application, '', JdbcH2Dialect",
			"postgresql, Application, spring.data.jdbc.dialect=oracle, JdbcOracleDialect",
			"postgresql, OwnDialect, '', JdbcOracleDialect",
			"postgresql, Application, spring.datasource.url=jdbc:h2:mem:data-jdbc-boot, JdbcH2Dialect" })
	void theDialectOfTheEngineIsUsedUnlessTheApplicationSetsOne(String scheme, String configuration, String property,
			String dialect) {
		this.runner.withUserConfiguration(ClassUtils.resolveClassName(getClass().getName() + "$" + configuration, null))
			.withPropertyValues("app.dbs.orders.url=%s://localhost:1/orders".formatted(scheme), property)
			.run((context) -> assertThat(context.getBean(JdbcDialect.class).getClass().getSimpleName())
				.isEqualTo(dialect));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mariadb" })
	void whenTheServerDecidesAboutCaseThenNamesAreNotChanged(String scheme) {
		this.runner.withPropertyValues("app.dbs.orders.url=%s://localhost:1/orders".formatted(scheme))
			.run((context) -> {
				IdentifierProcessing processing = context.getBean(JdbcDialect.class).getIdentifierProcessing();
				assertThat(processing.quote(processing.standardizeLetterCase("oneName"))).isEqualTo("`oneName`");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { DialectResolver.JdbcDialectProvider.class,
			org.springframework.data.jdbc.repository.config.DialectResolver.JdbcDialectProvider.class })
	void anExtensionThatDetectsTheDialectTakesPrecedence(Class<?> type, @TempDir Path folder) throws Exception {
		Path factories = Files.createDirectories(folder.resolve("META-INF")).resolve("spring.factories");
		assertThat(isDialectKnown(folder)).isTrue();
		Files.writeString(factories, type.getName() + "=" + OwnProvider.class.getName());
		assertThat(isDialectKnown(folder)).isFalse();
	}

	private static boolean isDialectKnown(Path folder) throws Exception {
		DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
		beanFactory.setBeanClassLoader(
				new URLClassLoader(new URL[] { folder.toUri().toURL() }, DataJdbcBeansTests.class.getClassLoader()));
		return DataJdbcBeans.isDialectKnown("orders",
				EnvironmentBuilder.properties("app.dbs.orders.url=jdbc:h2:mem:orders").build(), beanFactory);
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			DataJdbcRepositoriesAutoConfiguration.class })
	static class Application {

	}

	@SuppressWarnings("removal")
	static class OwnProvider
			implements org.springframework.data.jdbc.repository.config.DialectResolver.JdbcDialectProvider {

		@Override
		public Optional<Dialect> getDialect(JdbcOperations operations) {
			return Optional.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDialect {

		@Bean
		JdbcDialect own() {
			return JdbcOracleDialect.INSTANCE;
		}

	}

}
