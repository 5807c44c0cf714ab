package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;

/**
 * Reports for CockroachDB that it cannot be inspected. Its server has the views of
 * PostgreSQL's statistics, but most of them are
 * <a href= "https://www.cockroachlabs.com/docs/stable/pg-catalog">empty</a>, so that
 * everything would seem to be in order. The tables of {@code crdb_internal} are not for
 * applications and change with each version. No statement is sent to the server.
 */
public final class CockroachDbInspector extends JdbcInspector {

	private static final List<String> CHECKS = List.of("invalid-index", "duplicate-index", "foreign-key-without-index",
			"table-without-primary-key", "sequence-exhausted", "long-transaction", "blocked-statement",
			"statistics-missing");

	/**
	 * Creates a new {@link CockroachDbInspector}.
	 */
	public CockroachDbInspector() {
		super("CockroachDB");
	}

	@Override
	public void limit(Connection connection, Duration statementTimeout, Duration lockTimeout) {
	}

	@Override
	public Sample<SizeReport> readSize(InspectionContext context) {
		throw unsupported("sizes", "SHOW RANGES FROM DATABASE … WITH TABLES");
	}

	@Override
	public Sample<List<TableReport>> readTables(InspectionContext context) {
		throw unsupported("sizes of tables", "SHOW TABLES");
	}

	@Override
	public Sample<List<IndexReport>> readIndexes(InspectionContext context) {
		throw unsupported("sizes of indexes", "SHOW INDEXES FROM DATABASE …");
	}

	@Override
	public Sample<ActivityReport> readActivity(InspectionContext context) {
		throw unsupported("what sessions of other nodes do", "SHOW CLUSTER SESSIONS");
	}

	@Override
	public Sample<List<StatementReport>> readStatements(InspectionContext context) {
		throw unsupported("statements", "the page 'SQL Activity' of the DB Console");
	}

	/**
	 * Returns checks that report that they cannot be made, as a report without a check
	 * would say that nothing is wrong.
	 */
	@Override
	public List<FindingCheck> getChecks() {
		return Stream.concat(CHECKS.stream(), Stream.of("inactive-replication-slot"))
			.map((kind) -> new FindingCheck(kind, (context) -> {
				throw unsupported("what is wrong with a database", "the page 'Insights' of the DB Console");
			}))
			.toList();
	}

	@Override
	public UnusedIndexes readUnusedIndexes(InspectionContext context) {
		throw unsupported("the use of indexes", "SHOW INDEXES and the DB Console");
	}

	private static InspectionException unsupported(String what, String alternative) {
		return InspectionException.unsupported(
				"CockroachDB does not report %s: it has the views of PostgreSQL's statistics, but they are empty. Use %s."
					.formatted(what, alternative));
	}

}
