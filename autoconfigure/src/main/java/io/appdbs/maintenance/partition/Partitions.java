package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.jdbc.pool.JdbcConnections;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Creates partitions ahead, and removes old ones, as {@code app.dbs.<name>.partitions}
 * says, on a connection that nothing else uses.
 */
public final class Partitions {

	private static final Log logger = LogFactory.getLog(Partitions.class);

	private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

	/** A waiting statement makes others wait. */
	private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(60);

	private final Engines engines;

	private final Clock clock;

	private final Map<String, LastRun> lastRuns = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link Partitions}.
	 * @param engines finds the engine of a server
	 * @param clock the present time
	 */
	public Partitions(Engines engines, Clock clock) {
		this.engines = engines;
		this.clock = clock;
	}

	/**
	 * Returns the present time.
	 * @return the time of the clock
	 */
	Instant now() {
		return this.clock.instant();
	}

	/**
	 * Creates and removes the partitions of a database.
	 * @param definition the database
	 * @param details where to connect to
	 * @param limit how long to try while tables are locked or another instance of the
	 * application is at work
	 * @param opened receives the connection, for another thread to abort it
	 * @return what was done, and what could not be done
	 * @throws DatabaseStartException if a table or the configuration has to be changed
	 * first
	 * @throws SQLException if the server does not answer
	 * @throws InterruptedException if the thread is interrupted
	 */
	PartitionReport update(DatabaseDefinition definition, DatabaseConnectionDetails details, Duration limit,
			Consumer<Connection> opened) throws SQLException, InterruptedException {
		JdbcEngine configured = definition.jdbcEngine();
		Map<String, String> properties = new HashMap<>(
				configured.getReadTimeoutProperties(STATEMENT_TIMEOUT.plus(LOCK_TIMEOUT)));
		properties.putAll(definition.settings().maintenanceLogin());
		try (Connection connection = JdbcConnections.open(definition, details, properties)) {
			opened.accept(connection);
			JdbcEngine engine = this.engines.identify(configured, configured.readServerVersion(connection));
			PartitionTables tables = PartitionTables.of(definition, engine);
			tables.partitioning().limit(connection, LOCK_TIMEOUT, STATEMENT_TIMEOUT);
			PartitionReport report = new PartitionRun(tables, connection, this.clock).execute(limit);
			report.tables().forEach((table) -> log(definition, table));
			return report;
		}
	}

	private static void log(DatabaseDefinition definition, PartitionReport.Table table) {
		log(definition, table, "created", table.created());
		log(definition, table, "detached", table.detached());
		log(definition, table, "dropped", table.dropped());
	}

	private static void log(DatabaseDefinition definition, PartitionReport.Table table, String what,
			List<String> partitions) {
		if (!partitions.isEmpty()) {
			logger.info("Database '%s': partitions of %s were %s: %s".formatted(definition.name(), table.name(), what,
					String.join(", ", partitions)));
		}
	}

	/**
	 * Remembers the last run for a database.
	 * @param delay the time until the next one
	 */
	void remember(String database, PartitionReport report, Duration delay) {
		this.lastRuns.put(database, new LastRun(report, now().plus(delay)));
	}

	/**
	 * Returns the time until the next run after a successful one: a day, or less if an
	 * interval of a table begins before.
	 */
	Duration getInterval(DatabaseDefinition definition) {
		LocalDateTime now = LocalDateTime.ofInstant(now(), ZoneOffset.UTC);
		return PartitionRule.of(definition.settings().partitions())
			.stream()
			.map((rule) -> Duration.between(now, rule.interval().next(now)))
			.filter((duration) -> duration.compareTo(LONGEST_INTERVAL) < 0)
			.min(Comparator.naturalOrder())
			.orElse(LONGEST_INTERVAL);
	}

	/**
	 * Returns whether the next run is due.
	 * @return {@code false} also before the first one, which opening the database makes
	 */
	boolean isDue(String database) {
		LastRun last = this.lastRuns.get(database);
		return last != null && !now().isBefore(last.next());
	}

	/**
	 * Returns the report of the last run, an empty one before the first.
	 */
	PartitionReport getLastReport(String database) {
		LastRun last = this.lastRuns.get(database);
		return (last != null) ? last.report() : new PartitionReport(List.of(), null);
	}

	/**
	 * Logs what could not be done, and until when rows can be inserted.
	 */
	void warn(DatabaseDefinition definition, PartitionReport report, PartitionReport.Problem problem) {
		StringBuilder message = new StringBuilder("Partitions of database '%s' could not be created or removed: %s"
			.formatted(definition.name(), problem.message()));
		report.tables().forEach((table) -> message.append(' ').append(table.describe(now())));
		message.append(' ').append((problem.action() != null) ? problem.action() : "This is retried.");
		logger.warn(message.toString());
	}

	/**
	 * A run.
	 *
	 * @param report what was done
	 * @param next when the next one is due
	 */
	private record LastRun(PartitionReport report, Instant next) {

	}

}
