package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.testsupport.SeparateClassPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for named databases on a minimal class path. The application runs on a separate
 * class path, so that its classes and the starter's link without the missing libraries.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeanClassPathTests {

	private static final String ORDERS = "--app.dbs.orders.url=embedded:h2";

	private static final String CATALOG = "--app.dbs.catalog.url=embedded:mongodb";

	@Test
	void bothKindsWorkWithTheDependenciesOfTheStarter() throws Exception {
		assertThat(run("both",
				SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.RELATIONAL
						+ SeparateClassPath.MONGO,
				ORDERS, CATALOG))
			.containsExactlyInAnyOrder("orders UP", "catalog UP");
	}

	@Test
	void relationalDatabasesWorkWithoutTheMongoDriverAndSpringData() throws Exception {
		assertThat(run("relational",
				SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.RELATIONAL, ORDERS))
			.containsExactly("orders UP");
	}

	@Test
	void routesWorkWithoutSpringDataAndJpa() throws Exception {
		assertThat(
				run("routed", SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.RELATIONAL,
						ORDERS, "--app.dbs-routes.tenants.engine=h2", "--app.dbs-routes.tenants.databases=orders"))
			.containsExactly("routed");
	}

	@Test
	void routesWithoutSpringJdbcAreAnError() {
		assertThatException()
			.isThrownBy(() -> run("mongo",
					SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.MONGO, CATALOG,
					"--app.dbs-routes.tenants.engine=h2", "--app.dbs-routes.tenants.databases=orders"))
			.havingRootCause()
			.withMessage(
					"'app.dbs-routes' has routes, but 'org.springframework:spring-jdbc' is not on the class path.");
	}

	@Test
	void mongoDatabasesWorkWithoutHikariAndSpringJdbc() throws Exception {
		assertThat(run("mongo", SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.MONGO,
				CATALOG))
			.containsExactly("catalog UP");
	}

	@Test
	void reactiveBeansWorkWithTheReactiveDriver() throws Exception {
		assertThat(run("reactive",
				SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.REACTIVE_MONGO, CATALOG,
				"--app.dbs.catalog.mongo.reactive=true", "--app.dbs.catalog.audit.statements=all"))
			.containsExactly("catalog UP");
	}

	@Test
	void unitsOfWorkAreAuditedWithTheDependenciesOfTheStarter(CapturedOutput output) throws Exception {
		assertThat(run("both",
				SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.RELATIONAL
						+ SeparateClassPath.MONGO,
				ORDERS, CATALOG, "--app.dbs-defaults.audit.statements=all"))
			.containsExactlyInAnyOrder("orders UP", "catalog UP");
		for (String database : List.of("orders", "catalog")) {
			assertThat(output).contains(
					"Database '%s': 'app.dbs-defaults.audit.statements' is 'all', but users are unknown: Spring Security is not on the class path, and there is no RlsContextProvider bean. Only code that runs in RlsContextHolder.runAs has a user. Define such a bean, or add 'org.springframework.security:spring-security-core'."
						.formatted(database));
		}
	}

	@Test
	void healthIsContributedWithoutTheActuator() throws Exception {
		assertThat(run("health", SeparateClassPath.COMMON + SeparateClassPath.TRANSACTION + SeparateClassPath.RELATIONAL
				+ "|spring-boot-health-.*", ORDERS))
			.containsExactly("orders UP");
	}

	@Test
	void withNothingConfiguredAnApplicationStartsWithoutDatabases() throws Exception {
		assertThat(run("nothing", SeparateClassPath.COMMON)).isEmpty();
	}

	private static List<String> run(String method, String jars, String... arguments) throws Exception {
		return SeparateClassPath.run(LeanApplication.class, method, jars, arguments);
	}

}
