package io.appdbs.engine.inspection.mysql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.appdbs.engine.inspection.Amounts;
import io.appdbs.engine.inspection.FindingCheck;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong in the schema and the activity of MySQL and MariaDB. There is
 * no check for foreign keys without index, since InnoDB creates the index and rejects to
 * drop it, nor for unused space, since {@code data_free} is the space that a tablespace
 * has reserved: it does not change if rows are deleted.
 */
final class MySqlChecks {

	private static final int EXHAUSTED_PERCENT = 80;

	private static final String PRIMARY_KEYS = """
			SELECT table_name FROM information_schema.statistics WHERE table_schema = ? AND index_name = 'PRIMARY'""";

	/** Both views together take the server far longer. */
	private static final String COLUMNS = """
			SELECT table_name AS tab, column_name AS col, data_type AS typ, column_type AS full_type
			FROM information_schema.columns WHERE table_schema = ? AND extra LIKE '%auto_increment%'""";

	private static final String NEXT_NUMBERS = """
			SELECT table_name, auto_increment FROM information_schema.tables
			WHERE table_schema = ? AND auto_increment IS NOT NULL""";

	/** The bits of the integer types. */
	private static final Map<String, Integer> BITS = Map.of("tinyint", 8, "smallint", 16, "mediumint", 24, "int", 32,
			"bigint", 64);

	private final AbstractMySqlInspector inspector;

	private final Thresholds thresholds;

	MySqlChecks(AbstractMySqlInspector inspector, Thresholds thresholds) {
		this.inspector = inspector;
		this.thresholds = thresholds;
	}

	List<FindingCheck> getAll() {
		return List.of(new FindingCheck("duplicate-index", this::findDuplicateIndexes),
				new FindingCheck("table-without-primary-key", this::findTablesWithoutPrimaryKey),
				new FindingCheck("sequence-exhausted", Duration.ofDays(1), this::findExhaustedSequences),
				new FindingCheck("long-transaction", this::findLongTransactions),
				new FindingCheck("blocked-statement", this::findBlockedStatements));
	}

	/**
	 * The parser of a full-text index is not reported, so two of them may differ.
	 */
	private List<Finding> findDuplicateIndexes(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		grants.requireTables("the indexes of all tables");
		Map<List<Object>, List<MySqlIndex>> same = new LinkedHashMap<>();
		for (MySqlIndex index : readSuspects(context, grants)) {
			if (!index.type().equals("FULLTEXT")) {
				same.computeIfAbsent(List.of(index.table(), index.type(), index.parts()), (key) -> new ArrayList<>())
					.add(index);
			}
		}
		return same.values()
			.stream()
			.flatMap((indexes) -> toDuplicates(indexes).stream())
			.limit(context.limit())
			.toList();
	}

	private List<MySqlIndex> readSuspects(InspectionContext context, MySqlGrants grants) throws SQLException {
		if (MySqlIndexStatistics.isReadable(grants)) {
			Set<String> suspects = MySqlIndexStatistics.findSuspects(context, grants.database());
			if (MySqlIndexStatistics.isFew(suspects)) {
				List<MySqlIndex> indexes = new ArrayList<>();
				for (String table : suspects) {
					indexes.addAll(this.inspector.readIndexes(context, grants, table));
				}
				return indexes;
			}
		}
		return this.inspector.readIndexes(context, grants, null);
	}

	private static List<Finding> toDuplicates(List<MySqlIndex> indexes) {
		List<MySqlIndex> sorted = indexes.stream().sorted(MySqlIndex.MOST_NEEDED_FIRST).toList();
		MySqlIndex kept = sorted.get(0);
		return sorted.stream()
			.skip(1)
			.map((index) -> Finding.of("duplicate-index", Severity.WARN, index.displayName(),
					MySqlNames.display(index.table()),
					"The index is the same as %s: each write maintains both.".formatted(kept.displayName()),
					index.dropStatement()))
			.toList();
	}

	private List<Finding> findTablesWithoutPrimaryKey(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		grants.requireTables("all tables of the database");
		return readTablesWithoutPrimaryKey(context, grants).stream()
			.limit(context.limit())
			.map(MySqlNames::display)
			.map((table) -> Finding.of("table-without-primary-key", Severity.INFO, table, table,
					"The table has no primary key: a replica may read the whole table for each row that changes, and clusters do not accept changes of it.",
					"Add a primary key in a migration."))
			.toList();
	}

	private static List<String> readTablesWithoutPrimaryKey(InspectionContext context, MySqlGrants grants)
			throws SQLException {
		String database = grants.database();
		if (MySqlIndexStatistics.isReadable(grants)) {
			Set<String> suspects = MySqlIndexStatistics.findTablesWithoutPrimaryKey(context, database);
			if (MySqlIndexStatistics.isFew(suspects)) {
				List<String> tables = new ArrayList<>();
				for (String suspect : suspects) {
					if (MySqlTables.isTable(context, database, suspect) && context
						.query(PRIMARY_KEYS + " AND table_name = ?", (row) -> row.getString(1), database, suspect)
						.isEmpty()) {
						tables.add(suspect);
					}
				}
				return tables;
			}
		}
		Set<String> keyed = new HashSet<>(context.query(PRIMARY_KEYS, (row) -> row.getString(1), database));
		return MySqlTables.readNames(context, database).stream().filter((table) -> !keyed.contains(table)).toList();
	}

	private List<Finding> findExhaustedSequences(InspectionContext context) throws SQLException {
		MySqlGrants grants = MySqlGrants.read(context);
		grants.requireTables("all tables of the database");
		Map<String, BigInteger> next = new HashMap<>();
		context.query(NEXT_NUMBERS, (row) -> next.put(row.getString(1), row.getBigDecimal(2).toBigInteger()),
				grants.database());
		List<Finding> findings = new ArrayList<>(
				context.query(COLUMNS, (row) -> toExhausted(row, next.get(row.getString("tab"))), grants.database())
					.stream()
					.flatMap(Collection::stream)
					.sorted(Comparator.comparing(Finding::object))
					.toList());
		findings.addAll(this.inspector.findExhaustedSequences(context, grants));
		return findings.stream().limit(context.limit()).toList();
	}

	private static List<Finding> toExhausted(ResultSet row, @Nullable BigInteger next) throws SQLException {
		Integer bits = BITS.get(Objects.toString(row.getString("typ"), "").toLowerCase(Locale.ROOT));
		if (bits == null || next == null) {
			return List.of();
		}
		boolean unsigned = Objects.toString(row.getString("full_type"), "").contains("unsigned");
		BigInteger maximum = BigInteger.TWO.pow(unsigned ? bits : bits - 1).subtract(BigInteger.ONE);
		BigInteger used = next.subtract(BigInteger.ONE);
		String table = MySqlNames.display(row.getString("tab"));
		Finding finding = toExhausted(table, table, used, maximum,
				" They are the values of the column %s.".formatted(MySqlNames.display(row.getString("col"))),
				"Change the column to bigint before the numbers run out.");
		return (finding != null) ? List.of(finding) : List.of();
	}

	/**
	 * Returns a finding if few numbers are left.
	 */
	static @Nullable Finding toExhausted(String object, @Nullable String table, BigInteger used, BigInteger maximum,
			String detail, String fix) {
		double percent = new BigDecimal(used).doubleValue() * 100 / new BigDecimal(maximum).doubleValue();
		return (percent > EXHAUSTED_PERCENT)
				? Finding.of("sequence-exhausted", Severity.WARN, object, table,
						"%.0f %% of the numbers are used: %d of %d.%s".formatted(percent, used, maximum, detail), fix)
				: null;
	}

	private List<Finding> findLongTransactions(InspectionContext context) throws SQLException {
		return this.inspector.readSessions(context)
			.busy()
			.stream()
			.filter((session) -> session.transactionOrZero().compareTo(this.thresholds.longTransaction()) > 0)
			.limit(context.limit())
			.map((session) -> Finding.of("long-transaction", Severity.WARN, session.id(), null,
					"Session %s has had a transaction open for %s and is '%s': the server keeps the old versions of all rows that have changed since then."
						.formatted(session.id(), Amounts.ofDuration(session.transactionOrZero()),
								session.report().state()),
					"KILL %s;".formatted(session.id())))
			.toList();
	}

	private List<Finding> findBlockedStatements(InspectionContext context) throws SQLException {
		return this.inspector.readSessions(context)
			.busy()
			.stream()
			.filter((session) -> session.waiting() != null
					&& session.waiting().compareTo(this.thresholds.blocked()) > 0)
			.limit(context.limit())
			.map(this::toBlocked)
			.toList();
	}

	private Finding toBlocked(MySqlSessions.Session session) {
		String blockers = String.join(", ", session.report().blockedBy());
		Duration wait = Objects.requireNonNullElse(session.waiting(), Duration.ZERO);
		return Finding.of("blocked-statement", Severity.WARN, session.id(), null,
				"Session %s has been waiting for a %s for %s. It is blocked by: %s.".formatted(session.id(),
						session.report().waitingFor(), Amounts.ofDuration(wait),
						blockers.isEmpty() ? this.inspector.describeUnknownBlockers() : blockers),
				blockers.isEmpty() ? null
						: "SELECT id, state, info FROM information_schema.processlist WHERE id IN (%s);"
							.formatted(blockers));
	}

	/**
	 * From when on something is a finding.
	 *
	 * @param longTransaction the age of a transaction
	 * @param blocked how long a statement waits for a lock
	 */
	record Thresholds(Duration longTransaction, Duration blocked) {

		static final Thresholds DEFAULT = new Thresholds(Duration.ofMinutes(5), Duration.ofSeconds(5));

	}

}
