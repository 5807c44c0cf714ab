package io.appdbs.engine.inspection;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong in the schema and the activity of H2. There is no check for
 * foreign keys without index, since H2 creates the index.
 */
final class H2Checks {

	private static final int EXHAUSTED_PERCENT = 80;

	private static final String TABLES_WITH_PRIMARY_KEY = """
			SELECT table_schema, table_name FROM information_schema.table_constraints
			WHERE constraint_type = 'PRIMARY KEY'""";

	private static final String TABLES = """
			SELECT table_schema, table_name FROM information_schema.tables
			WHERE table_type = 'BASE TABLE' AND table_schema <> 'INFORMATION_SCHEMA'
			ORDER BY table_schema, table_name""";

	private static final String SEQUENCES = """
			SELECT sequence_schema AS sch, sequence_name AS nam, NULL AS col, base_value AS nex,
			minimum_value AS low, maximum_value AS high, increment AS step
			FROM information_schema.sequences WHERE cycle_option = 'NO'
			UNION ALL SELECT table_schema, table_name, column_name, identity_base, identity_minimum, identity_maximum,
			identity_increment FROM information_schema.columns WHERE is_identity = 'YES' AND identity_cycle = 'NO'
			ORDER BY sch, nam""";

	private static final Set<String> ORDINARY_TYPES = Set.of("PRIMARY KEY", "UNIQUE INDEX", "INDEX");

	/** A constraint keeps its index. */
	private static final Comparator<H2Inspector.Index> MOST_NEEDED_FIRST = Comparator
		.comparing((H2Inspector.Index index) -> !index.generated())
		.thenComparing((index) -> !index.isUnique())
		.thenComparing(H2Inspector.Index::name);

	private final Duration longTransaction;

	private final Duration blocked;

	H2Checks(Duration longTransaction, Duration blocked) {
		this.longTransaction = longTransaction;
		this.blocked = blocked;
	}

	List<FindingCheck> getAll() {
		return List.of(new FindingCheck("duplicate-index", H2Checks::findDuplicateIndexes),
				new FindingCheck("table-without-primary-key", H2Checks::findTablesWithoutPrimaryKey),
				new FindingCheck("sequence-exhausted", H2Checks::findExhaustedSequences),
				new FindingCheck("long-transaction", this::findLongTransactions),
				new FindingCheck("blocked-statement", this::findBlockedStatements));
	}

	private static List<Finding> findDuplicateIndexes(InspectionContext context) throws SQLException {
		Map<List<Object>, List<H2Inspector.Index>> same = new LinkedHashMap<>();
		for (H2Inspector.Index index : H2Inspector.readAllIndexes(context)) {
			if (ORDINARY_TYPES.contains(index.type())) {
				same.computeIfAbsent(List.of(index.table(), index.columns()), (key) -> new ArrayList<>()).add(index);
			}
		}
		return same.values()
			.stream()
			.flatMap((indexes) -> toDuplicates(indexes).stream())
			.limit(context.limit())
			.toList();
	}

	private static List<Finding> toDuplicates(List<H2Inspector.Index> indexes) {
		List<H2Inspector.Index> sorted = indexes.stream().sorted(MOST_NEEDED_FIRST).toList();
		return sorted.stream()
			.skip(1)
			// a unique index next to that of a foreign key has a purpose
			.filter((index) -> !index.isUnique() || sorted.get(0).isUnique())
			.map((index) -> Finding.of("duplicate-index", Severity.WARN, index.name(), index.table(),
					"The index is the same as %s: each write maintains both.".formatted(sorted.get(0).name()),
					index.generated() ? "Drop the constraint of the index." : "DROP INDEX %s;".formatted(index.name())))
			.toList();
	}

	private static List<Finding> findTablesWithoutPrimaryKey(InspectionContext context) throws SQLException {
		Set<String> keyed = new HashSet<>(context.query(TABLES_WITH_PRIMARY_KEY, H2Checks::tableName));
		return context.query(TABLES, H2Checks::tableName)
			.stream()
			.filter((table) -> !keyed.contains(table))
			.limit(context.limit())
			.map((table) -> Finding.of("table-without-primary-key", Severity.INFO, table, table,
					"The table has no primary key: rows cannot be told apart.", "Add a primary key in a migration."))
			.toList();
	}

	private static String tableName(ResultSet row) throws SQLException {
		return H2Inspector.name(row, "table_schema", "table_name");
	}

	private static List<Finding> findExhaustedSequences(InspectionContext context) throws SQLException {
		return context.query(SEQUENCES, Numbers::read)
			.stream()
			.map(Numbers::toFinding)
			.filter(Objects::nonNull)
			.limit(context.limit())
			.toList();
	}

	/**
	 * H2 does not report when a transaction began, so it may be older than known.
	 */
	private List<Finding> findLongTransactions(InspectionContext context) throws SQLException {
		H2Inspector.requireAdministrator(context);
		return H2Inspector.readSessions(context)
			.stream()
			.filter((session) -> session.leastAge().compareTo(this.longTransaction) > 0)
			.limit(context.limit())
			.map((session) -> Finding.of("long-transaction", Severity.WARN, session.report().id(), null,
					"Session %s has had a transaction open for at least %s and is '%s': the database keeps the old versions of all rows that have changed since then."
						.formatted(session.report().id(), Amounts.ofDuration(session.leastAge()),
								session.report().state()),
					"CALL ABORT_SESSION(%s);".formatted(session.report().id())))
			.toList();
	}

	private List<Finding> findBlockedStatements(InspectionContext context) throws SQLException {
		H2Inspector.requireAdministrator(context);
		return H2Inspector.readSessions(context)
			.stream()
			.filter((session) -> session.report().waitingFor() != null
					&& session.leastAge().compareTo(this.blocked) > 0)
			.limit(context.limit())
			.map((session) -> Finding.of("blocked-statement", Severity.WARN, session.report().id(), null,
					"Session %s has been waiting for a lock for %s. It is blocked by: %s.".formatted(
							session.report().id(), Amounts.ofDuration(session.leastAge()),
							String.join(", ", session.report().blockedBy())),
					"SELECT session_id, session_state, executing_statement FROM INFORMATION_SCHEMA.SESSIONS WHERE session_id IN (%s);"
						.formatted(String.join(", ", session.report().blockedBy()))))
			.toList();
	}

	/**
	 * The numbers of a sequence or a column.
	 *
	 * @param column the column or {@code null} for a sequence
	 */
	private record Numbers(String name, @Nullable String column, BigInteger used, BigInteger all) {

		static Numbers read(ResultSet row) throws SQLException {
			BigInteger next = row.getBigDecimal("nex").toBigInteger();
			BigInteger low = row.getBigDecimal("low").toBigInteger();
			BigInteger high = row.getBigDecimal("high").toBigInteger();
			BigInteger used = (row.getLong("step") < 0) ? high.subtract(next) : next.subtract(low);
			return new Numbers(H2Inspector.name(row, "sch", "nam"), row.getString("col"), used,
					high.subtract(low).add(BigInteger.ONE));
		}

		@Nullable Finding toFinding() {
			double percent = this.used.doubleValue() * 100 / this.all.doubleValue();
			if (percent <= EXHAUSTED_PERCENT) {
				return null;
			}
			String detail = (this.column != null)
					? " They are the values of the column %s.".formatted(H2Names.display(this.column)) : "";
			return Finding.of("sequence-exhausted", Severity.WARN, this.name, (this.column != null) ? this.name : null,
					"%.0f %% of the numbers are used: %d of %d.%s".formatted(percent, this.used, this.all, detail),
					"Change the column, and the sequence, to bigint before the numbers run out.");
		}

	}

}
