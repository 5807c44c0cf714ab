package io.appdbs.restore;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.sql.ScratchDatabase;
import io.appdbs.restore.sql.Sql;
import io.appdbs.restore.sql.Table;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One run of a check, on a thread of its own, because drivers do not react to interrupts.
 * The caller waits for it, and stops it when the time is over or when the caller is
 * interrupted.
 */
final class RestoreRun implements Runnable {

	private static final Log logger = LogFactory.getLog(RestoreCheck.class);

	private static final Duration CLEAN_UP = Duration.ofSeconds(60);

	private final RestorePlan plan;

	private final RestoreLog log;

	private volatile @Nullable String stopReason;

	private volatile @Nullable Connection connection;

	private volatile @Nullable Throwable failure;

	RestoreRun(RestorePlan plan) {
		this.plan = plan;
		this.log = new RestoreLog(plan.name(), plan.source().describe());
	}

	/**
	 * Executes the check and writes the report.
	 * @throws RestoreCheckException if the backup is not verified
	 */
	RestoreReport execute() {
		ReportFile file = (this.plan.report() != null) ? new ReportFile(this.plan.report()) : null;
		if (file != null) {
			file.read();
		}
		Thread thread = new Thread(this, "appdbs-restore-" + this.plan.name());
		thread.setDaemon(true);
		thread.start();
		boolean interrupted = await(thread);
		RestoreReport report = this.log.createReport();
		if (interrupted) {
			// says nothing about the backup
			Thread.currentThread().interrupt();
			throw new RestoreCheckException(report, this.failure);
		}
		if (file != null) {
			report = write(file, report);
		}
		if (!report.isVerified()) {
			throw new RestoreCheckException(report, this.failure);
		}
		logger.info("Verified the backup of '" + report.name() + "' (" + report.backup() + ") in "
				+ report.duration().toMillis() + " ms");
		return report;
	}

	private RestoreReport write(ReportFile file, RestoreReport report) {
		try {
			file.write(report);
			return report;
		}
		catch (IllegalStateException ex) {
			// together with what was found
			this.failure = ex;
			this.log.addFinding(ex.getMessage() + ".");
			return this.log.createReport();
		}
	}

	private boolean await(Thread thread) {
		boolean interrupted = false;
		try {
			thread.join(this.plan.timeout().toMillis());
			if (thread.isAlive()) {
				stop(thread, "The check did not end within " + this.plan.timeout());
			}
		}
		catch (InterruptedException ex) {
			interrupted = true;
			stop(thread, "The check was interrupted");
		}
		return interrupted;
	}

	private void stop(Thread thread, String reason) {
		this.stopReason = reason;
		this.log.addFinding(reason + ", in step '" + this.log.getCurrentStep() + "'.");
		thread.interrupt();
		Connection connection = this.connection;
		if (connection != null) {
			Thread abort = new Thread(() -> abort(connection), thread.getName() + "-abort");
			abort.setDaemon(true);
			abort.start();
		}
		try {
			thread.join(CLEAN_UP.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (thread.isAlive()) {
			logger.warn("The restore of '" + this.plan.name() + "' was stopped, but its server is still running");
		}
	}

	private static void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("Could not abort the connection", ex);
		}
	}

	@Override
	public void run() {
		try {
			ScratchServer server = this.plan.source().restore(this.plan, this.log);
			try {
				check(server.database());
			}
			finally {
				// clears the interrupt of stop()
				server.closeUninterruptibly();
			}
		}
		catch (Throwable ex) {
			if (this.stopReason == null) {
				this.failure = ex;
				this.log.addFinding((ex instanceof RestoreFailure) ? String.valueOf(ex.getMessage())
						: "Step '" + this.log.getCurrentStep() + "' failed: " + describe(ex) + ".");
			}
		}
	}

	private static String describe(Throwable ex) {
		String message = ex.getMessage();
		String first = (message != null) ? message.lines().findFirst().orElse("") : "";
		return (ex instanceof SQLException) ? first : ex.getClass().getSimpleName() + " " + first;
	}

	private void check(ScratchDatabase target) throws Exception {
		try (Connection connection = target.connect()) {
			this.connection = connection;
			Sql sql = new Sql(connection);
			target.dialect().useUtc(sql);
			List<Table> tables = this.log.step("tables", () -> target.dialect().findTables(sql));
			RestoredDatabase database = new RestoredDatabase(sql, target.dialect(), tables, this.log);
			check(new DatabaseCheck("rows", RestoreRun::checkRows), database);
			for (DatabaseCheck check : this.plan.checks()) {
				check(check, database);
			}
		}
		finally {
			this.connection = null;
		}
	}

	private static void checkRows(RestoredDatabase database) throws SQLException {
		if (!database.hasRows()) {
			database.log()
				.addFinding(database.tables().isEmpty() ? "The restored database has no tables."
						: "All tables of the restored database are empty.");
		}
	}

	private void check(DatabaseCheck check, RestoredDatabase database) throws Exception {
		if (this.stopReason != null) {
			throw new InterruptedException();
		}
		try {
			this.log.step(check.step(), () -> {
				check.body().check(database);
				return database;
			});
		}
		catch (SQLException ex) {
			// the other checks can still be made, unless the server is gone
			if (!database.sql().connection().isValid(5)) {
				throw ex;
			}
			this.log.addFinding("The check '" + check.step() + "' failed: " + describe(ex) + ".");
		}
	}

}
