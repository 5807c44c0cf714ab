package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.appdbs.DatabaseStartException;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JitteredBackOff;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.maintenance.partition.PartitionReport.Problem;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Creates the partitions of a database when an interval begins and at least once a day
 * while it is up, and again after a while if that failed, on a separate thread.
 */
public final class PartitionSchedule implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(PartitionSchedule.class);

	/** How often it looks whether a run is due, as a machine may have been asleep. */
	private static final Duration TICK = Duration.ofMinutes(1);

	private static final Duration LONGEST_RETRY = Duration.ofHours(1);

	/** How long a run tries. */
	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private final DatabaseAccess database;

	private final Partitions partitions;

	private final Duration limit;

	private final ScheduledThreadPoolExecutor executor;

	private final JitteredBackOff backOff = new JitteredBackOff(PartitionPreparation.FIRST_RETRY, LONGEST_RETRY);

	private @Nullable BackOffExecution retries;

	private volatile @Nullable Connection connection;

	private volatile boolean closed;

	/**
	 * Creates a new {@link PartitionSchedule} and starts it.
	 * @param database the database
	 * @param partitions creates the partitions
	 */
	public PartitionSchedule(DatabaseAccess database, Partitions partitions) {
		this(database, partitions, TICK, LIMIT);
	}

	PartitionSchedule(DatabaseAccess database, Partitions partitions, Duration tick, Duration limit) {
		this.database = database;
		this.partitions = partitions;
		this.limit = limit;
		CustomizableThreadFactory threads = new CustomizableThreadFactory(
				"appdbs-partitions-" + database.getDefinition().name() + "-");
		threads.setDaemon(true);
		this.executor = new ScheduledThreadPoolExecutor(1, threads);
		this.executor.scheduleWithFixedDelay(this::runIfDue, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Must not throw, as the executor would not call it again.
	 */
	private void runIfDue() {
		try {
			DatabaseConnectionDetails details = this.database.getDetailsInUse();
			if (details != null && this.database.getOutage() == null && !this.database.isSuspended()
					&& this.partitions.isDue(this.database.getDefinition().name())) {
				run(details);
			}
		}
		catch (RuntimeException ex) {
			logger.warn(
					"Partitions of database '%s' could not be updated".formatted(this.database.getDefinition().name()),
					ex);
		}
	}

	private void run(DatabaseConnectionDetails details) {
		DatabaseDefinition definition = this.database.getDefinition();
		long begin = System.nanoTime();
		PartitionReport report = run(definition, details);
		if (this.closed) {
			return;
		}
		Problem problem = report.problem();
		if (problem != null) {
			this.partitions.warn(definition, report, problem);
		}
		this.partitions.remember(definition.name(), report, getDelay(problem));
		this.database.report(new PreparationReport(PartitionPreparation.NAME,
				Duration.ofNanos(System.nanoTime() - begin), report.toDetails()));
	}

	/**
	 * Returns a report in any case, as the schedule must go on.
	 */
	private PartitionReport run(DatabaseDefinition definition, DatabaseConnectionDetails details) {
		try {
			return this.partitions.update(definition, details, this.limit, this::opened);
		}
		catch (DatabaseStartException ex) {
			return failed(definition, new Problem(String.valueOf(ex.getMessage()), ex.getAction()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return failed(definition, new Problem("The application is closed.", null));
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("Partitions of database '%s' could not be updated".formatted(definition.name()), ex);
			return failed(definition, new Problem(String.valueOf(ex.getMessage()), null));
		}
		finally {
			this.connection = null;
		}
	}

	private PartitionReport failed(DatabaseDefinition definition, Problem problem) {
		return this.partitions.getLastReport(definition.name()).with(problem);
	}

	private void opened(Connection connection) {
		this.connection = connection;
		if (this.closed) {
			abort();
		}
	}

	private Duration getDelay(@Nullable Problem problem) {
		if (problem == null) {
			this.retries = null;
			return this.partitions.getInterval(this.database.getDefinition());
		}
		BackOffExecution retries = (this.retries != null) ? this.retries : this.backOff.start();
		this.retries = retries;
		return Duration.ofMillis(retries.nextBackOff());
	}

	/**
	 * Aborts a run: the server rolls back what it has begun, or ends it in the next run.
	 */
	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		this.executor.shutdownNow();
		abort();
		if (!this.executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			logger.warn("The update of partitions of database '%s' did not end within %d s and is abandoned"
				.formatted(this.database.getDefinition().name(), CLOSE_TIMEOUT.toSeconds()));
		}
	}

	private void abort() {
		Connection connection = this.connection;
		if (connection != null) {
			try {
				this.database.getDefinition().jdbcEngine().abort(connection);
			}
			catch (SQLException ex) {
				logger.debug("The connection could not be aborted", ex);
			}
		}
	}

}
