package io.appdbs.engine.distributed;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;

import io.appdbs.engine.inspection.FindingCheck;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;

/**
 * Reports that a server is not inspected. The views that it has in common with the engine
 * whose protocol it has are empty or those of one node, so that everything would seem to
 * be in order. No statement is sent to the server.
 */
final class UninspectedServer extends JdbcInspector {

	private static final List<String> CHECKS = List.of("invalid-index", "duplicate-index", "foreign-key-without-index",
			"table-without-primary-key", "long-transaction", "blocked-statement", "statistics-missing");

	private final String engine;

	/**
	 * Creates a new {@link UninspectedServer}.
	 * @param engine the name that messages use
	 */
	UninspectedServer(String engine) {
		super(engine);
		this.engine = engine;
	}

	@Override
	public void limit(Connection connection, Duration statementTimeout, Duration lockTimeout) {
	}

	@Override
	public Sample<SizeReport> readSize(InspectionContext context) {
		throw unsupported("sizes");
	}

	@Override
	public Sample<List<TableReport>> readTables(InspectionContext context) {
		throw unsupported("tables");
	}

	@Override
	public Sample<List<IndexReport>> readIndexes(InspectionContext context) {
		throw unsupported("indexes");
	}

	@Override
	public Sample<ActivityReport> readActivity(InspectionContext context) {
		throw unsupported("sessions");
	}

	@Override
	public Sample<List<StatementReport>> readStatements(InspectionContext context) {
		throw unsupported("statements");
	}

	/**
	 * Returns checks that report that they cannot be made, as a report without a check
	 * would say that nothing is wrong.
	 */
	@Override
	public List<FindingCheck> getChecks() {
		return CHECKS.stream().map((kind) -> new FindingCheck(kind, (context) -> {
			throw unsupported("what is wrong with a database");
		})).toList();
	}

	@Override
	public UnusedIndexes readUnusedIndexes(InspectionContext context) {
		throw unsupported("the use of indexes");
	}

	private InspectionException unsupported(String what) {
		return InspectionException
			.unsupported("%s is not inspected: its views about %s are not those of all nodes. Use the tools of %s."
				.formatted(this.engine, what, this.engine));
	}

}
