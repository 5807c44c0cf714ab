package io.appdbs.backup.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupReport;
import io.appdbs.backup.BackupReporter;
import io.appdbs.backup.BackupStatus.State;

/**
 * Asks a bean of the application.
 *
 * @param findings creates findings
 * @param reporter supplies the bean
 * @param call makes the call
 */
record BackupBean(BackupFindings findings, Supplier<BackupReporter> reporter,
		DeadlineCall call) implements BackupSource {

	private static final String FIX = "Let the bean return what it knows, or BackupReport.never() if there is no backup.";

	@Override
	public BackupReading read() throws InterruptedException {
		try {
			BackupReport report = this.call
				.call(() -> Objects.requireNonNull(this.reporter.get().report(), "The report is null"));
			return toReading(report);
		}
		catch (TimeoutException ex) {
			return BackupReading
				.unknown(this.findings.unknown("the BackupReporter bean was asked, but %s.".formatted(ex.getMessage()),
						null, "Let the bean return within a few seconds, also if what it asks does not answer."));
		}
		catch (ExecutionException ex) {
			return BackupReading
				.unknown(this.findings.unknown("the BackupReporter bean failed.", String.valueOf(ex.getCause()), FIX));
		}
	}

	private BackupReading toReading(BackupReport report) {
		List<BackupFinding> problems = new ArrayList<>();
		report.problems().forEach((problem) -> problems.add(this.findings.problem(problem)));
		Backup last = report.last();
		return new BackupReading((last != null) ? State.KNOWN : State.NEVER, last, report.lastFull(), report.verified(),
				problems);
	}

}
