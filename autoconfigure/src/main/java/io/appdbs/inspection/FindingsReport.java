package io.appdbs.inspection;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The findings of a database.
 *
 * @param statisticsSince since when the server has collected statistics of use, or
 * {@code null} if that is not known
 * @param findings the findings, the most serious first, without those that
 * {@code inspection.findings.ignore} matches
 * @param ignored how many findings were ignored
 * @param checks the checks that could not be made completely, by the kind of finding
 */
public record FindingsReport(@Nullable Instant statisticsSince, List<Finding> findings, int ignored,
		Map<String, CheckReport> checks) {

	public FindingsReport {
		findings = List.copyOf(findings);
		checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
	}

	/**
	 * Returns how many findings have a severity.
	 * @param severity the severity
	 * @return the number
	 */
	public int count(Severity severity) {
		return (int) this.findings.stream().filter((finding) -> finding.severity() == severity).count();
	}

	/**
	 * A check that could not be made completely.
	 *
	 * @param status why, never {@link ReportStatus#OK}
	 * @param message the reason
	 * @param fix what makes the next inspection succeed or {@code null}
	 */
	public record CheckReport(ReportStatus status, @Nullable String message, @Nullable String fix) {

	}

}
