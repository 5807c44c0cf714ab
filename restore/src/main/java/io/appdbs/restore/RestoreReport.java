package io.appdbs.restore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a {@link RestoreCheck}.
 *
 * @param name the name of the check
 * @param backup the backup: the file name of a dump or folder, or the name of the program
 * that restored it
 * @param backupServer the server that the backup was made of, for example
 * {@code PostgreSQL 15.13}, or {@code null} if it is not known
 * @param scratchServer the server that the backup was restored into or {@code null} if
 * none was started
 * @param finished when the check ended
 * @param duration the duration of the whole check
 * @param steps the steps in their order
 * @param rowCounts the number of rows of each table that the check names and that exists
 * @param findings what is wrong with the backup, full sentences; empty if it is verified
 */
public record RestoreReport(String name, String backup, @Nullable String backupServer, @Nullable String scratchServer,
		Instant finished, Duration duration, List<Step> steps, Map<String, Long> rowCounts, List<String> findings) {

	/**
	 * Returns whether the backup was restored and all checks passed.
	 * @return whether there are no findings
	 */
	public boolean isVerified() {
		return this.findings.isEmpty();
	}

	/**
	 * A step of a check.
	 *
	 * @param name the name, for example {@code restore}
	 * @param duration how long it took
	 */
	public record Step(String name, Duration duration) {
	}

}
