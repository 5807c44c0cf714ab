package io.appdbs.query;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.appdbs.audit.rows.AuditedDatabases;
import io.appdbs.rls.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Executes the statements of the page about masking.
 */
class MaskingViewTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("people", """
			CREATE ROLE support LOGIN;
			CREATE ROLE keeper;
			CREATE TABLE person (id bigint PRIMARY KEY, name text, iban text);
			ALTER TABLE person OWNER TO keeper;
			INSERT INTO person VALUES (1, 'ann', 'DE111111'), (2, 'bob', 'FR222222');
			ALTER TABLE person ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON person
				USING (name = (SELECT nullif(current_setting('app.current_user_id', true), '')));
			GRANT SELECT ON person TO support;
			CREATE FUNCTION spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS
				$$ BEGIN RAISE NOTICE 'spied %', $1; RETURN true; END $$;
			""");

	@Test
	void theStatementsOfThePageMaskTheColumn() throws SQLException {
		List<String> blocks = Pattern.compile("(?s)```sql\n(.*?)```")
			.matcher(AuditedDatabases.read("masking.md"))
			.results()
			.map((block) -> block.group(1))
			.toList();
		assertThat(blocks).hasSize(2);
		server.execute(blocks.get(0));
		assertThat(query("ann", "SELECT id || ' ' || name || ' ' || iban FROM person_masked"))
			.containsExactly("1 ann DE…11");
		assertThat(query("", "SELECT iban FROM person_masked")).isEmpty();
		assertThat(query("ann", "SELECT iban FROM person_masked WHERE spy(name)")).containsExactly("spied ann",
				"DE…11");
		assertRejected("SELECT iban FROM person");
		server.execute(blocks.get(1));
		assertThat(query("bob", "SELECT name FROM person_open")).containsExactly("bob");
		assertThat(query("bob", "SELECT name FROM person")).containsExactly("bob");
		assertRejected("SELECT iban FROM person");
		server.execute("ALTER VIEW person_masked SET (security_invoker)");
		assertRejected("SELECT iban FROM person_masked");
	}

	private static void assertRejected(String sql) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query("ann", sql))
			.withMessageContaining("permission denied for table person");
	}

	/**
	 * Returns the warnings of a query and its first column.
	 */
	private static List<String> query(String user, String sql) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:postgresql://" + server.address() + "/people?user=support");
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT set_config('app.current_user_id', '" + user + "', false)");
			List<String> values = new ArrayList<>();
			try (ResultSet rows = statement.executeQuery(sql)) {
				for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning
					.getNextWarning()) {
					values.add(warning.getMessage());
				}
				while (rows.next()) {
					values.add(rows.getString(1));
				}
			}
			return values;
		}
	}

}
