package io.appdbs.engine;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CockroachDbEngine}.
 */
class CockroachDbEngineTests extends JdbcEngineContractTests {

	@Override
	JdbcEngine engine() {
		return new CockroachDbEngine();
	}

	@Override
	List<String> plainUrls() {
		return List.of();
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("cockroachdb://app:" + MARKER + "@h/orders", "cockroachdb://app@h/orders?password=" + MARKER);
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("sslpassword", "cockroachdb://h/orders?sslpassword=" + MARKER);
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("options", "-c statement_timeout=1500");
	}

	@Test
	void speaksThroughTheDriverOfPostgreSql() {
		DatabaseConnectionDetails details = engine().resolve("cockroachdb://h1,h2:5/orders?sslmode=verify-full");
		assertThat(details.url()).isEqualTo("jdbc:postgresql://h1:26257,h2:5/orders?sslmode=verify-full");
		assertThat(maintenanceUrl("cockroachdb://h:1,g/orders?ssl=true"))
			.isEqualTo("jdbc:postgresql://h:1,g:26257/defaultdb?ssl=true");
	}

	@Test
	void recognizesItsServers() {
		assertThat(engine().recognizes("CockroachDB CCL v25.1.0 (x86_64-pc-linux-gnu)")).isTrue();
		assertThat(engine().recognizes("PostgreSQL 15.2-YB-2.25.0.0 on x86_64-pc-linux-gnu")).isFalse();
	}

}
