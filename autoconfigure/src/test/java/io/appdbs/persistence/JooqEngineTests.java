package io.appdbs.persistence;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.Causes;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.testsupport.SeparateClassPath;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.DefaultConfigurationCustomizer;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for jOOQ on an engine of the application.
 */
class JooqEngineTests {

	private static final String JARS = SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION
			+ SeparateClassPath.RELATIONAL
			+ "|spring-boot-(jooq|jdbc|sql)-.*|jooq-.*|r2dbc-spi-.*|reactive-streams-.*|hsqldb-.*";

	private static final String NO_DIALECT = "Database 'orders': jOOQ needs a dialect, and the engine Hyper has none.";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path folder;

	@Test
	void whenTheEngineHasNoDialectThenItIsAnErrorWhereAContextIsUsed() throws Exception {
		assertThat(run(NoDialectEngine.class, "plain", "--app.dbs.orders.primary=true")).containsExactly(NO_DIALECT,
				"Set 'spring.jooq.sql-dialect', or override getJooqDialect() in %s."
					.formatted(NoDialectEngine.class.getName()));
		assertThat(run(NoDialectEngine.class, "plain")).containsExactly(NO_DIALECT,
				"Define a DefaultConfigurationCustomizer bean with the qualifier 'orders' that sets the dialect, or override getJooqDialect() in %s."
					.formatted(NoDialectEngine.class.getName()));
	}

	@Test
	void theAdviceIsSufficient() throws Exception {
		assertThat(run(NoDialectEngine.class, "plain", "--app.dbs.orders.primary=true",
				"--spring.jooq.sql-dialect=HSQLDB"))
			.containsExactly("HSQLDB", "1");
		assertThat(run(NoDialectEngine.class, "customized")).containsExactly("HSQLDB", "1");
		assertThat(run(DialectEngine.class, "plain")).containsExactly("HSQLDB", "1");
	}

	@Test
	void whenTheEngineHasAnUnknownDialectThenItIsAnError() throws Exception {
		assertThat(run(UnknownDialectEngine.class, "plain")).containsExactly(
				"Database 'orders': the engine Hyper returns the jOOQ dialect 'HSQL', which the jOOQ on the class path does not have.",
				"Correct getJooqDialect() in %s, or define a DefaultConfigurationCustomizer bean with the qualifier 'orders' that sets the dialect. Did you mean 'HSQLDB'? Known dialects: %s."
					.formatted(UnknownDialectEngine.class.getName(),
							String.join(", ", Stream.of(SQLDialect.values()).map(SQLDialect::name).toList())));
	}

	private List<String> run(Class<? extends Engine> engine, String method, String... arguments) throws Exception {
		Path factories = Files.createDirectories(this.folder.resolve("META-INF")).resolve("spring.factories");
		Files.writeString(factories, Engine.class.getName() + "=" + engine.getName());
		return SeparateClassPath.run(EngineApplication.class, method, JARS, this.folder, arguments);
	}

	public static class EngineApplication {

		public static List<String> plain(String... arguments) {
			return run(arguments, Application.class);
		}

		public static List<String> customized(String... arguments) {
			return run(arguments, Application.class, DialectOfOrders.class);
		}

		private static List<String> run(String[] arguments, Class<?>... configurations) {
			SpringApplication application = new SpringApplication(configurations);
			application.setDefaultProperties(Map.of("app.dbs.orders.url", "jdbc:hsqldb:mem:jooq", "app.dbs.audit.url",
					"jdbc:h2:mem:jooq-audit"));
			try (ConfigurableApplicationContext context = application.run(arguments)) {
				DSLContext orders = context.getBean("ordersDslContext", DSLContext.class);
				return List.of(orders.dialect().name(), orders.selectOne().fetchSingle().value1().toString());
			}
			catch (BeanCreationException ex) {
				return Causes.of(ex)
					.filter(InvalidDatabaseConfigurationException.class::isInstance)
					.map(InvalidDatabaseConfigurationException.class::cast)
					.flatMap((cause) -> Stream.of(String.valueOf(cause.getMessage()), cause.getAction()))
					.toList();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, JooqAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class DialectOfOrders {

		@Bean
		@Qualifier("orders")
		DefaultConfigurationCustomizer dialect() {
			return (configuration) -> configuration.set(SQLDialect.HSQLDB);
		}

	}

	static class NoDialectEngine extends JdbcEngine {

		NoDialectEngine() {
			super("hsqldb", "Hyper", "org.hsqldb.jdbc.JDBCDriver", "org.hsqldb:hsqldb");
		}

	}

	static class DialectEngine extends NoDialectEngine {

		@Override
		public String getJooqDialect() {
			return "HSQLDB";
		}

	}

	static class UnknownDialectEngine extends NoDialectEngine {

		@Override
		public String getJooqDialect() {
			return "HSQL";
		}

	}

}
