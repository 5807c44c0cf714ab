package io.appdbs.inspection;

/**
 * Whether an inspection could be made. Only {@link #OK} means that the report is
 * complete.
 */
public enum ReportStatus {

	/** The report is complete, except for what a limit of rows has left out. */
	OK,

	/** The engine does not report this, or has not done so for long enough. */
	UNSUPPORTED,

	/** The login may not read all of it. The report names the missing grant. */
	INSUFFICIENT_RIGHTS,

	/** It took longer than allowed, or a lock was not granted in time. */
	TIMED_OUT,

	/** The database cannot be inspected now. */
	UNAVAILABLE

}
