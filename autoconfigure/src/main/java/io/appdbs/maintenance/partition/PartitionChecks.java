package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.inspection.Amounts;
import io.appdbs.engine.inspection.FindingCheck;
import io.appdbs.engine.partition.PartitionException;
import io.appdbs.engine.partition.PartitionedTable;
import io.appdbs.engine.partition.PartitionedTable.DefaultPartition;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds tables in {@code app.dbs.<name>.partitions} into which rows cannot be inserted
 * soon.
 */
public final class PartitionChecks {

	/** The kind of finding for a table without the current or the next partition. */
	public static final String MISSING = "partition-missing";

	/** The kind of finding for a DEFAULT partition. */
	public static final String DEFAULT = "default-partition";

	/** The next partition is created when an interval begins, and soon afterwards. */
	private static final Duration TOLERANCE = Duration.ofHours(1);

	private static final String FIX = "The application creates partitions every day. Its log, and the report 'partitions' of the database at the endpoint, say why it could not.";

	private final PartitionTables tables;

	private final Clock clock;

	private PartitionChecks(PartitionTables tables, Clock clock) {
		this.tables = tables;
		this.clock = clock;
	}

	/**
	 * Returns the checks of a database.
	 * @param definition the database
	 * @param engine the engine of the server
	 * @param clock the present time
	 * @return the checks, none if no partitions are created ahead
	 */
	public static List<FindingCheck> of(DatabaseDefinition definition, JdbcEngine engine, Clock clock) {
		Partitioning partitioning = engine.getPartitioning();
		if (definition.settings().partitions().isEmpty() || partitioning == null) {
			return List.of();
		}
		PartitionChecks checks = new PartitionChecks(new PartitionTables(definition, engine, partitioning), clock);
		return List.of(new FindingCheck(MISSING, (context) -> checks.findMissing(context.connection())),
				new FindingCheck(DEFAULT, (context) -> checks.findDefaults(context.connection())));
	}

	private List<Finding> findMissing(Connection connection) throws SQLException {
		List<Finding> findings = new ArrayList<>();
		for (PartitionRule rule : this.tables.rules()) {
			try {
				Finding finding = findMissing(this.tables.find(connection, rule), rule);
				if (finding != null) {
					findings.add(finding);
				}
			}
			catch (PartitionException ex) {
				String name = rule.table().toString();
				findings.add(Finding.of(
						MISSING, Severity.ERROR, name, name, "No partitions are created ahead: '%s' is '%s', which %s."
							.formatted(this.tables.definition().key(rule.key()), name, ex.getMessage()),
						ex.getAction()));
			}
		}
		return findings;
	}

	private @Nullable Finding findMissing(PartitionedTable table, PartitionRule rule) {
		LocalDateTime now = LocalDateTime.ofInstant(this.clock.instant(), ZoneOffset.UTC);
		LocalDateTime end = PartitionPlan.findEnd(table.getPartitions(), now);
		if (end == null || !end.isBefore(rule.interval().plus(now, 1).minus(TOLERANCE))) {
			return null;
		}
		String name = table.getName();
		DefaultPartition others = table.getDefaultPartition();
		return Finding.of(MISSING, Severity.ERROR, name, name, "%s %s".formatted(describe(table, now, end),
				(others != null) ? "Other rows go to %s.".formatted(others.name()) : "Other rows are rejected."), FIX);
	}

	private static String describe(PartitionedTable table, LocalDateTime now, LocalDateTime end) {
		if (end.equals(now)) {
			return "%s has no partition for rows of the present time.".formatted(table.getName());
		}
		boolean gap = table.getPartitions()
			.stream()
			.anyMatch((partition) -> partition.from() != null && partition.from().isAfter(end));
		return (gap ? "The partitions of %s have a gap in %s." : "The last partition of %s ends in %s.")
			.formatted(table.getName(), Amounts.ofDuration(Duration.between(now, end)));
	}

	private List<Finding> findDefaults(Connection connection) throws SQLException {
		List<Finding> findings = new ArrayList<>();
		for (PartitionRule rule : this.tables.rules()) {
			try {
				PartitionedTable table = this.tables.find(connection, rule);
				DefaultPartition partition = table.getDefaultPartition();
				if (partition != null) {
					findings.add(Finding.of(DEFAULT, (partition.rows() > 0) ? Severity.WARN : Severity.INFO,
							partition.name(), table.getName(),
							"%s is the DEFAULT partition of %s%s. It is locked and searched whenever a partition is created, which fails if it has rows of that partition."
								.formatted(partition.name(), table.getName(),
										(partition.rows() > 0) ? " and has about %d rows".formatted(partition.rows())
												: ""),
							"ALTER TABLE %s DETACH PARTITION %s;".formatted(table.getName(), partition.name())));
				}
			}
			catch (PartitionException ex) {
				// reported as missing partitions
				continue;
			}
		}
		return findings;
	}

}
