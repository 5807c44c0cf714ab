package io.appdbs.engine.privilege;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;

import org.h2.tools.SimpleResultSet;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MySqlPrivileges} with answers that no server of the tests gives.
 */
class MySqlRolesTests {

	@Test
	void whenALineOfARoleIsOfAnotherFormThenThatIsReported() throws SQLException {
		String own = "GRANT `writers`@`%` TO `app`@`%`";
		assertThat(findings(List.of(own), List.of(own), List.of("GRANT USAGE ON *.* TO `app`@`%`", own)))
			.isEqualTo(List.of());
		assertThat(findings(List.of(own), List.of(own), List.of("ALLOW everything TO `app`@`%`", own)))
			.containsExactly("[not-checked] SHOW GRANTS: has privileges of an unknown form.");
	}

	@SafeVarargs
	private static List<String> findings(List<String>... grants) throws SQLException {
		Statement statement = mock();
		given(statement.executeQuery("SELECT CURRENT_USER(), DATABASE(), VERSION()"))
			.willReturn(row("app@%", "shop", "9.7.0"));
		given(statement.executeQuery("SHOW GRANTS")).willReturn(rows(grants[0]), rows(grants[1]), rows(grants[2]));
		PreparedStatement tables = mock();
		given(tables.executeQuery()).willReturn(rows(List.of()));
		Connection connection = mock();
		given(connection.createStatement()).willReturn(statement);
		given(connection.prepareStatement(anyString())).willReturn(tables);
		return new MySqlPrivileges().read(connection, new PrivilegeRequest(null, null, List.of(), false))
			.findings()
			.stream()
			.map(PrivilegeFinding::toString)
			.toList();
	}

	private static ResultSet rows(List<String> lines) {
		SimpleResultSet rows = new SimpleResultSet();
		rows.addColumn("line", Types.VARCHAR, 0, 0);
		lines.forEach(rows::addRow);
		return rows;
	}

	private static ResultSet row(Object... columns) {
		SimpleResultSet rows = new SimpleResultSet();
		for (int i = 0; i < columns.length; i++) {
			rows.addColumn("column" + i, Types.VARCHAR, 0, 0);
		}
		rows.addRow(columns);
		return rows;
	}

}
