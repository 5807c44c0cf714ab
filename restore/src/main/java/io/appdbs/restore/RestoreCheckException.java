package io.appdbs.restore;

import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a backup could not be restored or a check failed. The message contains all
 * findings.
 */
public class RestoreCheckException extends RuntimeException {

	private final transient RestoreReport report;

	RestoreCheckException(RestoreReport report, @Nullable Throwable cause) {
		super(describe(report), cause);
		this.report = report;
	}

	private static String describe(RestoreReport report) {
		return report.findings()
			.stream()
			.collect(Collectors.joining("\n- ",
					"The backup of '" + report.name() + "' (" + report.backup() + ") is not verified:\n- ", ""));
	}

	/**
	 * Returns the report.
	 * @return the report, with at least one finding
	 */
	public RestoreReport getReport() {
		return this.report;
	}

}
