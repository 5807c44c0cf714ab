package io.appdbs.engine.inspection.mysql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.inspection.StatementReport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the performance schema of MySQL and MariaDB. Its tables are empty while it does
 * not collect anything, which is the default of MariaDB.
 */
final class MySqlPerformanceSchema {

	private static final BigInteger PICOSECONDS_PER_NANOSECOND = BigInteger.valueOf(1000);

	private static final String STATEMENTS = """
			SELECT digest, digest_text, count_star, sum_timer_wait, sum_rows_sent + sum_rows_affected AS n
			FROM performance_schema.events_statements_summary_by_digest
			WHERE schema_name = ? AND digest IS NOT NULL ORDER BY sum_timer_wait DESC LIMIT ?""";

	private static final String STATEMENT_COUNT = """
			SELECT COUNT(*) FROM performance_schema.events_statements_summary_by_digest
			WHERE schema_name = ? AND digest IS NOT NULL""";

	/** The server counts in one row what it has no space for. */
	private static final String OTHERS = """
			SELECT count_star FROM performance_schema.events_statements_summary_by_digest
			WHERE digest IS NULL AND count_star > 0""";

	private static final String USES = """
			SELECT object_name AS tab, index_name AS idx, %s AS uses
			FROM performance_schema.table_io_waits_summary_by_index_usage
			WHERE object_schema = ? AND index_name IS NOT NULL""";

	private MySqlPerformanceSchema() {
	}

	static boolean isOn(InspectionContext context) throws SQLException {
		return context.queryForRow("SELECT @@performance_schema", (row) -> row.getBoolean(1));
	}

	/**
	 * Checks that the server collects something, and that the login may read it.
	 * @param what what it collects, as a plural
	 */
	static void require(InspectionContext context, MySqlGrants grants, String what) throws SQLException {
		if (!isOn(context)) {
			throw InspectionException.unsupported(
					"The server does not count %s, since its performance schema is off. Set 'performance_schema=ON' in the configuration of the server and restart it."
						.formatted(what));
		}
		grants.requireSelect(what, "performance_schema", "*");
	}

	private static void requireSetting(InspectionContext context, String what, String table, String name)
			throws SQLException {
		boolean enabled = context
			.query("SELECT enabled FROM performance_schema.%s WHERE name = ?".formatted(table),
					(row) -> row.getString(1), name)
			.contains("YES");
		if (!enabled) {
			throw InspectionException.unsupported(
					"The server does not count %s. To start it: UPDATE performance_schema.%s SET ENABLED = 'YES' WHERE NAME = '%s';"
						.formatted(what, table, name));
		}
	}

	static Sample<List<StatementReport>> readStatements(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		require(context, grants, "statements");
		requireSetting(context, "statements", "setup_consumers", "statements_digest");
		List<StatementReport> statements = context.query(STATEMENTS, MySqlPerformanceSchema::readStatement,
				grants.database(), context.limit());
		int count = context.queryForRow(STATEMENT_COUNT, (row) -> row.getInt(1), grants.database());
		List<Long> others = context.query(OTHERS, (row) -> row.getLong(1));
		return others.isEmpty() ? Sample.exact(statements).leavingOut(Math.max(0, count - statements.size()))
				: new Sample<>(statements, false, null,
						"The server had no space for further statements, which were executed %d times and are not included. Increase 'performance_schema_digests_size' in its configuration, or start anew: TRUNCATE TABLE performance_schema.events_statements_summary_by_digest;"
							.formatted(others.get(0)));
	}

	private static StatementReport readStatement(ResultSet row) throws SQLException {
		long calls = row.getLong("count_star");
		BigDecimal picoseconds = row.getBigDecimal("sum_timer_wait");
		long nanoseconds = picoseconds.toBigInteger().divide(PICOSECONDS_PER_NANOSECOND).longValue();
		return new StatementReport(Objects.toString(row.getString("digest"), ""), calls, Duration.ofNanos(nanoseconds),
				Duration.ofNanos(nanoseconds / Math.max(1, calls)), row.getLong("n"), row.getString("digest_text"));
	}

	/**
	 * Checks that the server has counted the use of all indexes since it was started.
	 */
	static void requireUses(InspectionContext context, MySqlGrants grants) throws SQLException {
		String what = "uses of indexes";
		require(context, grants, what);
		requireSetting(context, what, "setup_consumers", "global_instrumentation");
		requireSetting(context, what, "setup_instruments", "wait/io/table/sql/handler");
		long lost = context
			.query("SHOW GLOBAL STATUS WHERE Variable_name IN ('Performance_schema_index_stat_lost', "
					+ "'Performance_schema_table_instances_lost', 'Performance_schema_table_handles_lost')",
					(row) -> row.getLong(2))
			.stream()
			.mapToLong(Long::longValue)
			.sum();
		if (lost > 0) {
			throw InspectionException.unsupported(
					"The performance schema has run out of space and does not count all uses of indexes. Increase 'performance_schema_max_index_stat', 'performance_schema_max_table_instances' and 'performance_schema_max_table_handles' in the configuration of the server.");
		}
	}

	/**
	 * Returns how often the server has read through each index, by table and name.
	 */
	static Map<List<String>, Long> readReads(InspectionContext context, String database) throws SQLException {
		return readUses(context, database, "count_read");
	}

	/**
	 * Returns how often the server has used each index, by table and name.
	 */
	static Map<List<String>, Long> readUses(InspectionContext context, String database) throws SQLException {
		return readUses(context, database, "count_star");
	}

	private static Map<List<String>, Long> readUses(InspectionContext context, String database, String column)
			throws SQLException {
		Map<List<String>, Long> uses = new HashMap<>();
		context.query(USES.formatted(column),
				(row) -> uses.put(List.of(row.getString("tab"), row.getString("idx")), row.getLong("uses")), database);
		return uses;
	}

	/**
	 * Returns since when the server has been counting: since its start, unless an
	 * operator has truncated a table, which it does not report.
	 */
	static @Nullable Instant readSince(InspectionContext context) throws SQLException {
		if (!isOn(context)) {
			return null;
		}
		long uptime = context.queryForRow("SHOW GLOBAL STATUS LIKE 'Uptime'", (row) -> row.getLong(2));
		return context.queryForRow("SELECT UNIX_TIMESTAMP()", (row) -> Instant.ofEpochSecond(row.getLong(1) - uptime));
	}

}
