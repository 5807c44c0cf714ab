package io.appdbs.engine;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerAudits}. The embedded servers have no audit.
 */
class ServerAuditsTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@ParameterizedTest
	@ValueSource(strings = { "embedded:postgresql", "embedded:mariadb", "embedded:h2" })
	void whenTheServerHasNoAuditThenThereIsNone(String embedded) throws SQLException {
		String url = servers.getUrl(embedded, "orders");
		JdbcEngine engine = (JdbcEngine) Engines.load(null).findByUrl(url);
		DatabaseConnectionDetails details = engine.resolve(url);
		try (Connection connection = DriverManager.getConnection(details.url(), details.username(),
				details.password())) {
			assertThat(engine.readServerAudit(connection)).isNull();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "null", textBlock = """
			write  | auditor | pgaudit: write, role auditor
			all    | ''      | pgaudit: all
			none   | ''      | null
			none   | auditor | pgaudit: none, role auditor
			null   | auditor | null
			""")
	void pgAuditIsDescribedByItsSettings(String classes, String role, String description) {
		Map<String, String> settings = (classes != null) ? Map.of("pgaudit.log", classes, "pgaudit.role", role)
				: Map.of("pgaudit.role", role);
		assertThat(ServerAudits.describePgAudit(settings)).isEqualTo(description);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "null", textBlock = """
			server_audit_logging=ON  | server_audit_events=QUERY_DML | server_audit: QUERY_DML
			server_audit_logging=ON  | server_audit_events=          | server_audit: all events
			server_audit_logging=OFF | server_audit_events=QUERY_DML | null
			audit_log_policy=ALL     | x=                            | audit_log: ALL
			audit_log_policy=NONE    | x=                            | null
			""")
	void pluginsAreDescribedByTheirVariables(String first, String second, String description) {
		Map<String, String> variables = Map.of(first.split("=")[0], first.split("=")[1], second.split("=")[0],
				second.substring(second.indexOf('=') + 1));
		assertThat(ServerAudits.describePlugin(variables)).isEqualTo(description);
	}

}
