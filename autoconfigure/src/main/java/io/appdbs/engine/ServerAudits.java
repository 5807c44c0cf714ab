package io.appdbs.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.engine.sql.SqlQueries;
import org.jspecify.annotations.Nullable;

/**
 * Reads whether servers record statements.
 */
final class ServerAudits {

	/**
	 * Settings that no extension has declared are not listed, even if they are set.
	 */
	private static final String PGAUDIT = "SELECT name, setting FROM pg_catalog.pg_settings "
			+ "WHERE name IN ('pgaudit.log', 'pgaudit.role')";

	private static final String PLUGINS = "SHOW GLOBAL VARIABLES WHERE Variable_name IN "
			+ "('server_audit_logging', 'server_audit_events', 'audit_log_policy')";

	private ServerAudits() {
	}

	/**
	 * Reads what the extension pgaudit records.
	 */
	static @Nullable String readPgAudit(Connection connection) throws SQLException {
		return describePgAudit(read(connection, PGAUDIT));
	}

	static @Nullable String describePgAudit(Map<String, String> settings) {
		String classes = settings.get("pgaudit.log");
		String role = settings.getOrDefault("pgaudit.role", "");
		if (classes == null || (classes.equals("none") && role.isEmpty())) {
			return null;
		}
		return "pgaudit: " + classes + (role.isEmpty() ? "" : ", role " + role);
	}

	/**
	 * Reads what the plug-in of MariaDB, or of an edition of MySQL that has one, records.
	 */
	static @Nullable String readPlugin(Connection connection) throws SQLException {
		return describePlugin(read(connection, PLUGINS));
	}

	static @Nullable String describePlugin(Map<String, String> variables) {
		if ("ON".equalsIgnoreCase(variables.get("server_audit_logging"))) {
			String events = variables.getOrDefault("server_audit_events", "");
			return "server_audit: " + (events.isEmpty() ? "all events" : events);
		}
		String policy = variables.get("audit_log_policy");
		return (policy != null && !policy.equalsIgnoreCase("NONE")) ? "audit_log: " + policy : null;
	}

	private static Map<String, String> read(Connection connection, String sql) throws SQLException {
		Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		SqlQueries.query(connection, sql, (row) -> values.put(row.getString(1), row.getString(2)));
		return values;
	}

}
