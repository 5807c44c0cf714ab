package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.testsupport.SeparateClassPath;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for jOOQ on the class path without Spring Boot's module for it.
 */
@ExtendWith(OutputCaptureExtension.class)
class JooqWithoutModuleTests {

	private static final String JARS = SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION
			+ SeparateClassPath.RELATIONAL + "|jooq-.*|r2dbc-spi-.*|reactive-streams-.*";

	@Test
	void theModuleIsNamedWhereAContextIsInjected(CapturedOutput output) {
		for (String method : List.of("qualified", "unqualified")) {
			assertThatException().isThrownBy(() -> SeparateClassPath.run(JooqApplication.class, method, JARS,
					"--app.dbs.orders.url=embedded:h2"));
		}
		for (String component : List.of("Qualified", "Unqualified")) {
			assertThat(output).contains("""
					Description:

					Parameter 0 of constructor in %s$%s required a bean of type 'org.jooq.DSLContext'. jOOQ is on the \
					class path, but Spring Boot's module for it is not.

					Action:

					Add the dependency 'org.springframework.boot:spring-boot-starter-jooq'.
					""".formatted(JooqApplication.class.getName(), component));
		}
	}

	@Test
	void whenNoContextIsInjectedThenTheApplicationStarts() throws Exception {
		assertThat(SeparateClassPath.run(JooqApplication.class, "none", JARS, "--app.dbs.orders.url=embedded:h2"))
			.containsExactly("started");
	}

	public static class JooqApplication {

		public static List<String> qualified(String... arguments) {
			return run(Qualified.class, arguments);
		}

		public static List<String> unqualified(String... arguments) {
			return run(Unqualified.class, arguments);
		}

		public static List<String> none(String... arguments) {
			return run(Application.class, arguments);
		}

		private static List<String> run(Class<?> component, String... arguments) {
			new SpringApplication(Application.class, component).run(arguments).close();
			return List.of("started");
		}

		@Configuration(proxyBeanMethods = false)
		@ImportAutoConfiguration(DatabasesAutoConfiguration.class)
		static class Application {

		}

		static class Qualified {

			Qualified(@Qualifier("orders") DSLContext context) {
			}

		}

		static class Unqualified {

			Unqualified(DSLContext context) {
			}

		}

	}

}
