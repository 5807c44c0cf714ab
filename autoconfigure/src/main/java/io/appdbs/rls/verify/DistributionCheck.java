package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether other nodes evaluate policies, and whether statements can run on
 * them.
 *
 * @param connection the connection
 */
record DistributionCheck(Connection connection) {

	/**
	 * Returns whether tables can be distributed: the database has the extension Citus.
	 */
	boolean isDistributed() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet rows = statement
					.executeQuery("SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus')")) {
			return rows.next() && rows.getBoolean(1);
		}
	}

	/**
	 * Check that the server is of an engine that row-level security has been tested with.
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding checkServer() throws SQLException {
		String version = String.valueOf(SqlQueries.queryForString(this.connection, "SELECT version()"));
		return version.contains("-YB-") ? new Finding(FindingType.SERVER_UNTESTED, "server YugabyteDB",
				"has the policies of PostgreSQL, which this verification has examined as such, but row-level security has not been tested with it",
				null) : null;
	}

	/**
	 * Check that the other nodes can be connected to as the role.
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding check(Role role) throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT 1 FROM pg_catalog.pg_roles WHERE quote_ident(rolname) = ? AND NOT rolcanlogin")) {
			statement.setString(1, role.name());
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? new Finding(FindingType.ROLE_UNAVAILABLE, "role " + role.name(),
						"cannot log in, but Citus connects to its workers as this role",
						"ALTER ROLE %s LOGIN;".formatted(role.name())) : null;
			}
		}
	}

}
