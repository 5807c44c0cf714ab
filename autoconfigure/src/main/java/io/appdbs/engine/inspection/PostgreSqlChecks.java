package io.appdbs.engine.inspection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong in the schema and the activity of PostgreSQL. Kinds of findings
 * are named as in
 * <a href="https://github.com/mfvanek/pg-index-health">pg-index-health</a> where it has
 * them.
 */
final class PostgreSqlChecks {

	private static final int ERROR_BEFORE_WRAPAROUND = 40_000_000;

	private final Thresholds thresholds;

	PostgreSqlChecks(Thresholds thresholds) {
		this.thresholds = thresholds;
	}

	List<FindingCheck> getAll() {
		return List.of(new FindingCheck("invalid-index", PostgreSqlChecks::findInvalidIndexes),
				new FindingCheck("duplicate-index", PostgreSqlChecks::findDuplicateIndexes),
				new FindingCheck("foreign-key-without-index", PostgreSqlChecks::findForeignKeysWithoutIndex),
				new FindingCheck("table-without-primary-key", PostgreSqlChecks::findTablesWithoutPrimaryKey),
				new FindingCheck("sequence-exhausted", Duration.ofDays(1), PostgreSqlSequences::findExhausted),
				new FindingCheck("wraparound", PostgreSqlChecks::findWraparound),
				new FindingCheck("long-transaction", this::findLongTransactions),
				new FindingCheck("blocked-statement", this::findBlockedStatements),
				new FindingCheck("bloat", new PostgreSqlBloat(this.thresholds)::find),
				new FindingCheck("statistics-missing", this::findMissingStatistics),
				new FindingCheck("inactive-replication-slot", PostgreSqlChecks::findInactiveSlots));
	}

	private static List<Finding> findInvalidIndexes(InspectionContext context) throws SQLException {
		return context.query(PostgreSqlCheckQueries.INVALID_INDEXES, (row) -> {
			String index = row.getString(1);
			String name = row.getString(3);
			boolean leftOver = name.matches(".*_cc(new|old)\\d*");
			return Finding.of("invalid-index", Severity.WARN, index, row.getString(2),
					"The index is invalid, as creating it has failed: it slows down writes and serves no query.",
					leftOver ? "DROP INDEX CONCURRENTLY %s;".formatted(index)
							: "REINDEX INDEX CONCURRENTLY %s;".formatted(index));
		}, context.limit());
	}

	private static List<Finding> findDuplicateIndexes(InspectionContext context) throws SQLException {
		List<List<Finding>> groups = context.query(PostgreSqlCheckQueries.DUPLICATE_INDEXES, (row) -> {
			String[] names = (String[]) row.getArray("names").getArray();
			String[] constraints = (String[]) row.getArray("constraints").getArray();
			List<Finding> findings = new ArrayList<>();
			// ordered so that the first one is to be kept
			for (int i = 1; i < names.length; i++) {
				findings.add(Finding.of("duplicate-index", Severity.WARN, names[i], row.getString("table_name"),
						"The index is the same as %s: each write maintains both. It takes %s.".formatted(names[0],
								Amounts.ofBytes(row.getLong("bytes"))),
						constraints[i].isEmpty() ? "DROP INDEX CONCURRENTLY %s;".formatted(names[i])
								: "ALTER TABLE %s DROP CONSTRAINT %s;".formatted(row.getString("table_name"),
										constraints[i])));
			}
			return findings;
		}, context.limit());
		return groups.stream().flatMap(List::stream).toList();
	}

	private static List<Finding> findForeignKeysWithoutIndex(InspectionContext context) throws SQLException {
		return context.query(PostgreSqlCheckQueries.FOREIGN_KEYS_WITHOUT_INDEX, (row) -> {
			String table = row.getString(1);
			return Finding.of("foreign-key-without-index", Severity.INFO, table + "." + row.getString(2), table,
					"No index begins with the columns of the foreign key (%s): each delete and change of a key in %s reads the whole table."
						.formatted(row.getString(3), row.getString(4)),
					"CREATE INDEX CONCURRENTLY ON %s (%s);".formatted(table, row.getString(3)));
		}, context.limit());
	}

	private static List<Finding> findTablesWithoutPrimaryKey(InspectionContext context) throws SQLException {
		return context.query(PostgreSqlCheckQueries.TABLES_WITHOUT_PRIMARY_KEY, (row) -> Finding.of(
				"table-without-primary-key", Severity.INFO, row.getString(1), row.getString(1),
				"The table has no primary key: rows cannot be told apart, and logical replication cannot change or delete them.",
				"Add a primary key in a migration."), context.limit());
	}

	/**
	 * Autovacuum begins to freeze rows at {@code autovacuum_freeze_max_age}. At twice the
	 * age it does not keep up.
	 */
	private static List<Finding> findWraparound(InspectionContext context) throws SQLException {
		return context.query(PostgreSqlCheckQueries.WRAPAROUND, (row) -> {
			long left = Integer.MAX_VALUE - row.getLong("age");
			boolean soon = left < ERROR_BEFORE_WRAPAROUND;
			return Finding.of("wraparound", soon ? Severity.ERROR : Severity.WARN, row.getString("name"), null,
					"The oldest rows are %d %s old, and the server stops accepting writes in %d more: vacuum does not keep up. The oldest table is %s."
						.formatted(row.getLong("age"), row.getString("unit"), left, row.getString("oldest")),
					"VACUUM (FREEZE, VERBOSE) %s;".formatted(row.getString("oldest")));
		}, ERROR_BEFORE_WRAPAROUND);
	}

	private List<Finding> findLongTransactions(InspectionContext context) throws SQLException {
		List<Finding> findings = context.query(PostgreSqlCheckQueries.LONG_TRANSACTIONS, (row) -> Finding.of(
				"long-transaction", Severity.WARN, row.getString(1), null,
				"Session %s has had a transaction open for %s and is '%s': vacuum cannot reclaim what was deleted since then."
					.formatted(row.getString(1), age(row), row.getString(2)),
				"SELECT pg_terminate_backend(%s);".formatted(row.getString(1))),
				seconds(this.thresholds.longTransaction()), context.limit());
		return requireActivity(context, findings);
	}

	private List<Finding> findBlockedStatements(InspectionContext context) throws SQLException {
		List<Finding> findings = context.query(PostgreSqlCheckQueries.BLOCKED_STATEMENTS, (row) -> {
			String blockers = String.join(", ", (String[]) row.getArray("blockers").getArray());
			return Finding.of("blocked-statement", Severity.WARN, row.getString(1), row.getString("table_name"),
					"Session %s has been waiting for a lock%s for %s. It is blocked by: %s.".formatted(row.getString(1),
							onTable(row.getString("table_name")), age(row),
							blockers.isEmpty() ? "a session that has ended meanwhile" : blockers),
					blockers.isEmpty() ? null : "SELECT pid, state, query FROM pg_stat_activity WHERE pid IN (%s);"
						.formatted(blockers.replaceAll("\\s*\\([^)]*\\)", "")));
		}, seconds(this.thresholds.blocked()), context.limit());
		return requireActivity(context, findings);
	}

	private static String onTable(@Nullable String table) {
		return (table != null) ? " on " + table : "";
	}

	private static String age(ResultSet row) throws SQLException {
		return Amounts.ofDuration(Duration.ofSeconds((long) row.getDouble("age")));
	}

	/** The server hides what other logins do, and does not fail. */
	private static List<Finding> requireActivity(InspectionContext context, List<Finding> findings)
			throws SQLException {
		if (!PostgreSqlActivity.mayReadActivity(context)) {
			throw PostgreSqlActivity.hidden(context, "The login does not see what sessions of other logins do.")
				.withPartialValue(findings);
		}
		return findings;
	}

	private List<Finding> findMissingStatistics(InspectionContext context) throws SQLException {
		return context.query(PostgreSqlCheckQueries.MISSING_STATISTICS,
				(row) -> Finding.of("statistics-missing", Severity.INFO, row.getString(1), row.getString(1),
						"The table has never been analyzed and takes %s: the planner guesses."
							.formatted(Amounts.ofBytes(row.getLong(2))),
						"ANALYZE %s;".formatted(row.getString(1))),
				context.limit(), this.thresholds.missingStatistics());
	}

	private static List<Finding> findInactiveSlots(InspectionContext context) throws SQLException {
		return context.query(PostgreSqlCheckQueries.INACTIVE_SLOTS, (row) -> {
			String slot = row.getString(1);
			long retained = row.getLong(2);
			return Finding.of("inactive-replication-slot", Severity.WARN, slot, null,
					"Nobody uses the replication slot, and the server keeps %s of its log for it."
						.formatted(row.wasNull() ? "an unknown part" : Amounts.ofBytes(retained)),
					"SELECT pg_drop_replication_slot('%s');".formatted(slot.replace("'", "''")));
		}, context.limit());
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	/**
	 * From when on something is a finding.
	 *
	 * @param longTransaction the age of a transaction
	 * @param blocked how long a statement waits for a lock
	 * @param bloat the unused space in bytes
	 * @param bloatShare the share of unused space, from 0 to 1
	 * @param missingStatistics the size of a table that was never analyzed, in bytes
	 */
	record Thresholds(Duration longTransaction, Duration blocked, long bloat, double bloatShare,
			long missingStatistics) {

		static final Thresholds DEFAULT = new Thresholds(Duration.ofMinutes(5), Duration.ofSeconds(5), 100L << 20, 0.5,
				10L << 20);

	}

}
