package io.appdbs.rls;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import javax.sql.DataSource;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the role that statements run as: the one that was verified.
 */
class RlsRoleTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	@BeforeAll
	static void grant() throws SQLException {
		notes.execute("GRANT reader TO app; GRANT SELECT ON note TO reader");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "prepareThreshold=1" })
	void whenAStatementChangesTheRoleOfTheSessionThenTheNextOneRunsAsTheLogin(String parameters) throws Exception {
		RlsPool.use(notes, parameters, Map.of(), (connection) -> RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
			try {
				assertThat(query(connection, "SELECT set_config('role', 'reader', false)")).isEqualTo("reader");
				assertThat(query(connection, "SELECT current_user")).isEqualTo("app");
				connection.setAutoCommit(false);
				assertThat(query(connection, "SELECT current_user")).isEqualTo("app");
				connection.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}));
	}

	@Test
	void whenConnectionsBeginAsAnotherRoleThenStatementsRunAsTheOneThatWasVerified() {
		notes
			.runner(notes.address(), "app.dbs.notes.hikari.connection-init-sql=SET ROLE reader",
					"app.dbs.notes.rls.verify=warn")
			.run((context) -> assertThat(currentUser(context)).isEqualTo("reader"));
		notes
			.runner(notes.address(), "app.dbs.notes.hikari.connection-init-sql=SET ROLE reader",
					"app.dbs.notes.rls.verify=off")
			.run((context) -> assertThat(currentUser(context)).isEqualTo("reader"));
		notes
			.runner(notes.address(), "app.dbs.notes.hikari.connection-init-sql=SET ROLE reader",
					"app.dbs.notes.rls.verify=off", "app.dbs.notes.rls.role=app")
			.run((context) -> assertThat(currentUser(context)).isEqualTo("app"));
	}

	@Test
	void whenNewConnectionsBeginAsAnotherRoleThanVerifiedThenStatementsStillRunAsTheLogin() {
		notes.runner(notes.address(), "app.dbs.notes.pool.max-size=1").run((context) -> {
			notes.execute("ALTER ROLE app SET role = reader");
			try {
				notes.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
				Awaitility.await().ignoreExceptionsInstanceOf(IllegalStateException.class).untilAsserted(() -> {
					assertThat(newRole(context)).isEqualTo("reader");
					assertThat(currentUser(context)).isEqualTo("app");
				});
			}
			finally {
				notes.execute("ALTER ROLE app RESET role");
			}
		});
	}

	/**
	 * Return as which role the session has begun, which needs no user.
	 */
	private static String newRole(ApplicationContext context) {
		try (Connection connection = context.getBean("notesDataSource", DataSource.class).getConnection()) {
			return query(connection, "SHOW role");
		}
		catch (SQLException ex) {
			// one that was ended
			throw new IllegalStateException(ex);
		}
	}

	private static String currentUser(ApplicationContext context) {
		return RlsContextHolder.supplyAs(RlsContext.of("alice"),
				() -> context.getBean(JdbcTemplate.class).queryForObject("SELECT current_user", String.class));
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

}
