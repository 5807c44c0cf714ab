package io.appdbs.maintenance.partition;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.JitteredBackOff;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.engine.partition.Partition;
import io.appdbs.engine.partition.PartitionException;
import io.appdbs.engine.partition.PartitionRange;
import io.appdbs.maintenance.partition.PartitionReport.Problem;
import io.appdbs.maintenance.partition.PartitionReport.Table;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Creates and removes the partitions of a database, unless another instance of the
 * application does it at this moment. Used by one thread.
 */
final class PartitionRun {

	private static final String LOCK = "appdbs.partitions";

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	private final PartitionTables tables;

	private final Connection connection;

	private final Clock clock;

	private final Map<String, Table> done = new LinkedHashMap<>();

	PartitionRun(PartitionTables tables, Connection connection, Clock clock) {
		this.tables = tables;
		this.connection = connection;
		this.clock = clock;
	}

	/**
	 * Does what has to be done, again if a table is locked or another instance is at
	 * work.
	 * @param limit how long to try
	 * @return what was done
	 * @throws io.appdbs.DatabaseStartException if a table has to be changed first
	 * @throws SQLException if the server does not answer
	 * @throws InterruptedException if the thread is interrupted
	 */
	PartitionReport execute(Duration limit) throws SQLException, InterruptedException {
		long end = System.nanoTime() + limit.toNanos();
		BackOffExecution pauses = new JitteredBackOff(FIRST_PAUSE, LONGEST_PAUSE).start();
		boolean locked = false;
		while (true) {
			List<PartitionPlan> plans = this.tables.plan(this.connection, now());
			if (plans.stream().allMatch(PartitionPlan::isDone)) {
				return report(plans, null);
			}
			if (!locked && this.tables.engine().tryLock(this.connection, LOCK)) {
				// another instance may have done it meanwhile
				locked = true;
				continue;
			}
			Problem problem = locked ? apply(plans)
					: new Problem("Another instance of the application is creating partitions.", null);
			if (problem != null && (problem.action() != null || System.nanoTime() >= end)) {
				return report(this.tables.plan(this.connection, now()), problem);
			}
			if (problem != null) {
				Thread.sleep(pauses.nextBackOff());
			}
		}
	}

	private LocalDateTime now() {
		return LocalDateTime.ofInstant(this.clock.instant(), ZoneOffset.UTC);
	}

	private PartitionReport report(List<PartitionPlan> plans, @Nullable Problem problem) {
		return new PartitionReport(plans.stream().map((plan) -> {
			Table table = done(plan);
			return new Table(table.name(), table.created(), table.detached(), table.dropped(),
					(plan.until() != null) ? plan.until().toInstant(ZoneOffset.UTC) : null);
		}).toList(), problem);
	}

	private Table done(PartitionPlan plan) {
		return this.done.computeIfAbsent(plan.table().getName(),
				(name) -> new Table(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), null));
	}

	/**
	 * Works on each table, even if that fails for another one.
	 * @return the first problem that has to be fixed, or else the first one
	 */
	private @Nullable Problem apply(List<PartitionPlan> plans) throws SQLException {
		Problem first = null;
		for (PartitionPlan plan : plans) {
			try {
				apply(plan);
			}
			catch (PartitionException | SQLException ex) {
				Problem problem = toProblem(plan, ex);
				first = (first == null || (first.action() == null && problem.action() != null)) ? problem : first;
			}
		}
		return first;
	}

	private void apply(PartitionPlan plan) throws SQLException {
		List<List<PartitionRange>> batches = plan.table().isContiguous() ? List.of(plan.missing())
				: plan.missing().stream().map(List::of).toList();
		for (List<PartitionRange> batch : batches) {
			if (!batch.isEmpty()) {
				done(plan).created().addAll(plan.table().create(this.connection, batch));
			}
		}
		for (Partition partition : plan.expired()) {
			if (plan.rule().drop()) {
				plan.table().drop(this.connection, partition);
				done(plan).dropped().add(partition.name());
			}
			else {
				done(plan).detached().add(plan.table().detach(this.connection, partition));
			}
		}
	}

	private Problem toProblem(PartitionPlan plan, Exception failure) throws SQLException {
		String table = plan.table().getName();
		PartitionException known = (failure instanceof SQLException ex)
				? this.tables.partitioning().translate(ex, plan.table()) : (PartitionException) failure;
		if (known != null) {
			return new Problem("%s %s.".formatted(table, known.getMessage()), known.getAction());
		}
		return toProblem(table, (SQLException) failure);
	}

	private Problem toProblem(String table, SQLException failure) throws SQLException {
		if (this.tables.engine().findTimeout(failure) == ServerTimeout.LOCK) {
			return new Problem("%s is locked by another session.".formatted(table), null);
		}
		if (this.tables.engine().isRefusedByReadOnlyServer(failure)) {
			return new Problem("The server is read-only.", "Connect to the server that accepts writes, or remove '%s'."
				.formatted(this.tables.definition().key("partitions")));
		}
		if (this.connection.isClosed()) {
			throw failure;
		}
		return new Problem("%s could not be changed: %s.".formatted(table, PartitionException.firstLine(failure)),
				null);
	}

}
