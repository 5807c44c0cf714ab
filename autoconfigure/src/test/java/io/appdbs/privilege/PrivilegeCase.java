package io.appdbs.privilege;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.jdbc.Definitions;
import io.appdbs.lifecycle.VerificationFailedException;
import io.appdbs.settings.DatabaseDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A privilege that a login has and should not need, or lacks.
 *
 * @param sql grants it, as the administrator
 * @param finding the finding, with the type in brackets, and what removes it
 * @param settings keys and values in turn
 */
record PrivilegeCase(String sql, String finding, String... settings) {

	/**
	 * Assert that this is found and nothing else, that it rejects the database, and that
	 * nothing is found after its statements have been executed.
	 */
	void assertFoundAndFixed(String url, SqlExecutor administrator) throws SQLException {
		administrator.execute(this.sql);
		DatabaseDefinition definition = define(url, this.settings);
		assertThat(findings(definition)).containsExactly(this.finding);
		assertThatExceptionOfType(VerificationFailedException.class)
			.isThrownBy(() -> verify(define(url,
					Stream.concat(Stream.of(this.settings), Stream.of("privileges.verify", "fail"))
						.toArray(String[]::new))))
			.withMessageContaining(this.finding.replace(" => ", " Fix: "));
		String fix = this.finding.substring(this.finding.indexOf(" => ") + 4).split(" -- or ")[0];
		administrator.execute(fix.substring(fix.indexOf("and then: ") + 1).replaceFirst("^nd then: ", ""));
		assertThat(findings(definition)).as(fix).isEmpty();
	}

	@Override
	public String toString() {
		return this.finding;
	}

	static DatabaseDefinition define(String url, String... settings) {
		return Definitions.of("orders", url, settings);
	}

	static Map<String, Object> verify(DatabaseDefinition definition) throws SQLException {
		return new PrivilegeVerification().prepare(definition, definition.connectionDetails().get());
	}

	static List<String> findings(DatabaseDefinition definition) throws SQLException {
		List<String> findings = new ArrayList<>();
		Map<String, Object> details = verify(definition);
		assertThat(details).isNotNull();
		for (Object finding : (List<?>) details.get("findings")) {
			Map<?, ?> map = (Map<?, ?>) finding;
			findings.add("[%s] %s: %s.%s".formatted(map.get("id"), map.get("object"), map.get("reason"),
					(map.get("fix") != null) ? " => " + map.get("fix") : ""));
		}
		return findings;
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (connection; Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Executes statements as the administrator of a server.
	 */
	@FunctionalInterface
	interface SqlExecutor {

		void execute(String sql) throws SQLException;

	}

}
