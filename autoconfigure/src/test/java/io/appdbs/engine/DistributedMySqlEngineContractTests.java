package io.appdbs.engine;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contract of engines whose servers distribute tables and have the protocol of MySQL,
 * without a server.
 */
abstract class DistributedMySqlEngineContractTests extends JdbcEngineContractTests {

	private final String id;

	private final int port;

	DistributedMySqlEngineContractTests(String id, int port) {
		this.id = id;
		this.port = port;
	}

	@Override
	JdbcEngine engine() {
		return (JdbcEngine) Engines.load(null).findById(this.id);
	}

	@Override
	List<String> plainUrls() {
		return List.of();
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of(this.id + "://app:" + MARKER + "@h/orders", this.id + "://app@h/orders?password=" + MARKER);
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("clientCertificateKeyStorePassword",
				this.id + "://h/orders?clientCertificateKeyStorePassword=" + MARKER);
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("sessionVariables", "max_execution_time=1500");
	}

	@Test
	void speaksThroughTheDriverOfMySql() {
		assertThat(engine().resolve(this.id + "://h1,h2:5/orders").url())
			.isEqualTo("jdbc:mysql://h1:%d,h2:5/orders".formatted(this.port));
		assertThat(engine().isSameProtocol(Engines.load(null).findById("mysql"))).isTrue();
	}

	@Test
	void readOnlyTransactionsAreNotMadeSoByTheServer() {
		assertThat(engine().isReadOnlyEnforced()).isFalse();
		assertThat(engine().getReadOnlyQuery()).isNull();
	}

	@Test
	void isNeitherInspectedNorMaintained() {
		assertThat(engine().getReplication()).isNull();
		assertThat(engine().getPartitioning()).isNull();
		assertThat(engine().getMaintenanceOperations()).isEmpty();
		assertThat(engine().getGrantSyntax()).isNull();
	}

}
