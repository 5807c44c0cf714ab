package io.appdbs.engine.inspection;

import java.sql.ResultSet;
import java.sql.SQLException;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.inspection.AuditChainReport;

/**
 * Checks the hash chain of a log of row audit. The hashes are computed by the query and
 * not by a function of the log, which its owner can replace.
 */
final class PostgreSqlAuditChain {

	/** Limits what one query reads; takes about half a second. */
	static final int LIMIT = 100_000;

	private static final String QUERY = """
			WITH entry AS (SELECT id, previous, hash, sha256(coalesce(previous, '') || convert_to(jsonb_build_array(id,
			to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), transaction_id::text, user_id, login, role,
			application, client::text, schema_name, table_name, operation, old_row, new_row)::text, 'UTF8')) AS content
			FROM %s ORDER BY id DESC LIMIT %d),
			link AS (SELECT id, previous, hash, content, lag(id) OVER (ORDER BY id) AS former,
			lag(hash) OVER (ORDER BY id) AS former_hash, bool_or(hash IS NOT NULL) OVER (ORDER BY id) AS chained
			FROM entry)
			SELECT count(*), min(id) FILTER (WHERE hash IS DISTINCT FROM content
			OR (former IS NOT NULL AND previous IS DISTINCT FROM former_hash)), max(id),
			bool_or(previous IS NULL), (SELECT encode(hash, 'hex') FROM entry ORDER BY id DESC LIMIT 1)
			FROM link WHERE chained""";

	private PostgreSqlAuditChain() {
	}

	/**
	 * Checks the newest entries.
	 * @param context what to work with
	 * @param log the name of the log as SQL has it
	 */
	static Sample<AuditChainReport> read(InspectionContext context, String log) throws SQLException {
		try {
			return Sample.exact(SqlQueries.queryForRow(context.connection(), QUERY.formatted(log, LIMIT),
					PostgreSqlAuditChain::toReport));
		}
		catch (SQLException ex) {
			throw explain(ex, log);
		}
	}

	private static AuditChainReport toReport(ResultSet row) throws SQLException {
		return new AuditChainReport(row.getLong(1), row.getLong(1) == 0 || row.getBoolean(4),
				row.getObject(2, Long.class), row.getObject(3, Long.class), row.getString(5));
	}

	/**
	 * Returns what a failure means.
	 * @throws SQLException if it is not one of the log
	 */
	private static InspectionException explain(SQLException failure, String log) throws SQLException {
		return switch (String.valueOf(failure.getSQLState())) {
			case "42501" -> InspectionException.insufficientRights(
					"The login of inspections may not read %s. The login of the application should not; set 'inspection.username'."
						.formatted(log),
					"Grant USAGE on the schema, and SELECT on %s, to the login of 'inspection.username'."
						.formatted(log));
			case "42P01", "3F000" -> InspectionException.unsupported("There is no table %s.".formatted(log));
			case "42703" -> InspectionException.unsupported(
					"Table %s has no hash chain: it lacks columns of 'docs/row-audit-chain.sql'.".formatted(log));
			default -> throw failure;
		};
	}

}
