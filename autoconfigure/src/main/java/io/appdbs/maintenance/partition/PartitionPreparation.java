package io.appdbs.maintenance.partition;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.maintenance.partition.PartitionReport.Problem;
import io.appdbs.maintenance.partition.PartitionReport.Table;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabasePreparation} that creates partitions ahead, after the migrations that
 * create the tables. Locks do not prevent the start, because rows can be inserted as
 * before.
 */
public final class PartitionPreparation implements DatabasePreparation {

	/** The name under which the step is reported. */
	public static final String NAME = "partitions";

	/**
	 * The detail that says until when rows can be inserted into all tables, absent if
	 * there is no limit.
	 */
	public static final String UNTIL = "until";

	/** How long the start waits for locks and other instances. */
	private static final Duration LIMIT = Duration.ofSeconds(5);

	/** The time until the next run if something could not be done. */
	static final Duration FIRST_RETRY = Duration.ofMinutes(1);

	private final Partitions partitions;

	private final Duration limit;

	/**
	 * Creates a new {@link PartitionPreparation}.
	 * @param partitions creates the partitions
	 */
	public PartitionPreparation(Partitions partitions) {
		this(partitions, LIMIT);
	}

	PartitionPreparation(Partitions partitions, Duration limit) {
		this.partitions = partitions;
		this.limit = limit;
	}

	@Override
	public String getName() {
		return NAME;
	}

	/**
	 * Creates the partitions of a database that has any to create.
	 * @throws DatabaseStartException if a table, a right or the configuration has to be
	 * changed first
	 * @throws SQLException if the server does not answer
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails details)
			throws SQLException, InterruptedException {
		if (definition.settings().partitions().isEmpty()) {
			return null;
		}
		PartitionReport report = this.partitions.update(definition, details, this.limit, (connection) -> {
		});
		Problem problem = report.problem();
		if (problem != null) {
			failIfNothingCanBeInserted(definition, report, problem);
			this.partitions.warn(definition, report, problem);
		}
		this.partitions.remember(definition.name(), report,
				(problem != null) ? FIRST_RETRY : this.partitions.getInterval(definition));
		return report.toDetails();
	}

	private void failIfNothingCanBeInserted(DatabaseDefinition definition, PartitionReport report, Problem problem) {
		for (Table table : report.tables()) {
			if (problem.action() != null && table.until() != null && !table.until().isAfter(this.partitions.now())) {
				throw new DatabaseStartException(definition.name(),
						"Partitions of database '%s' could not be created: %s %s".formatted(definition.name(),
								problem.message(), table.describe(this.partitions.now())),
						problem.action(), TroubleshootingSection.PARTITIONS, null);
			}
		}
	}

}
