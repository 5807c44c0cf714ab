package io.appdbs.query;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

import io.appdbs.inspection.StatementPlan;
import io.appdbs.settings.DatabaseSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs each query of a database in one line, and counts the slow ones.
 */
public final class QueryLog {

	/**
	 * Maximum number of characters that are logged for a query, or for its parameters.
	 */
	public static final int MAX_LENGTH = 10_000;

	private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\r\\n\\x0B\\f\\x85\\u2028\\u2029]\\s*");

	private final Log log;

	private final Log slowLog;

	private final boolean all;

	private final boolean parameters;

	private final List<String> masked;

	private final @Nullable Duration threshold;

	private volatile @Nullable SlowQueryListener slowQueryListener;

	private final LongAdder slowCount = new LongAdder();

	private final LongAdder slowNanos = new LongAdder();

	QueryLog(String database, DatabaseSettings settings) {
		this.log = LogFactory.getLog("io.appdbs.query." + database);
		this.slowLog = LogFactory.getLog("io.appdbs.slow-query." + database);
		this.all = settings.queryLog();
		this.parameters = settings.queryLogParameters();
		this.masked = settings.queryLogMasked();
		this.threshold = settings.slowQueryThreshold();
	}

	/**
	 * Returns whether the values of parameters are logged.
	 * @return whether {@code query-log-parameters} is set
	 */
	public boolean hasParameters() {
		return this.parameters;
	}

	/**
	 * Returns the columns or fields whose values are never logged.
	 * @return the names, or paths with dots
	 */
	public List<String> getMasked() {
		return this.masked;
	}

	/**
	 * Returns who gets slow statements of a relational database.
	 * @param nanos the duration of a statement in nanoseconds
	 * @return the listener or {@code null} if there is none, or the statement was not
	 * slow
	 */
	public @Nullable SlowQueryListener findSlowQueryListener(long nanos) {
		SlowQueryListener listener = this.slowQueryListener;
		return (listener != null && isSlow(nanos)) ? listener : null;
	}

	/**
	 * Sets who gets slow statements of a relational database.
	 * @param listener the listener
	 */
	public void setSlowQueryListener(SlowQueryListener listener) {
		this.slowQueryListener = listener;
	}

	/**
	 * Returns the number of slow queries.
	 * @return the number since the start, 0 without {@code slow-query-threshold}
	 */
	public long getSlowCount() {
		return this.slowCount.sum();
	}

	/**
	 * Returns the total duration of all slow queries.
	 * @return the duration since the start, in nanoseconds
	 */
	public long getSlowNanos() {
		return this.slowNanos.sum();
	}

	/**
	 * Counts a query if it was slow. Must be called once for each query.
	 * @param nanos the duration in nanoseconds
	 * @return whether the query must be logged
	 */
	public boolean count(long nanos) {
		boolean slow = isSlow(nanos);
		if (slow) {
			this.slowCount.increment();
			this.slowNanos.add(nanos);
		}
		return (this.all && this.log.isInfoEnabled()) || (slow && this.slowLog.isWarnEnabled());
	}

	/**
	 * Logs a query.
	 * @param query the query
	 * @param rows the number of documents that it wrote or read, or {@code null} if the
	 * number is not known
	 */
	public void write(ExecutedQuery query, @Nullable Long rows) {
		String line = line(query, rows);
		if (this.all) {
			this.log.info(line);
		}
		if (isSlow(query.nanos())) {
			this.slowLog.warn(line);
		}
	}

	/**
	 * Logs the plan of a slow statement, or why it has none. The lines of the plan are
	 * indented, so that a literal in it cannot be taken for another line of the log.
	 * @param plan the plan
	 */
	public void write(StatementPlan plan) {
		if (this.slowLog.isInfoEnabled()) {
			StringBuilder line = new StringBuilder("plan=").append((plan.plan() != null) ? "generic" : "none");
			append(line, "reason", plan.message());
			append(line, "query", plan.statement());
			String lines = (plan.plan() != null) ? "\n" + plan.plan() : "";
			this.slowLog.info(toSingleLine(line) + lines.replaceAll("\\R", System.lineSeparator() + "    "));
		}
	}

	private boolean isSlow(long nanos) {
		return this.threshold != null && this.threshold.compareTo(Duration.ofNanos(nanos)) <= 0;
	}

	private static String line(ExecutedQuery query, @Nullable Long rows) {
		StringBuilder line = new StringBuilder();
		line.append(String.format(Locale.ROOT, "duration=%.3fms", query.nanos() / 1e6));
		append(line, "rows", rows);
		append(line, "batch", (query.batchSize() > 0) ? query.batchSize() : null);
		append(line, "transaction", query.transaction());
		append(line, "failure", query.failure());
		append(line, "query", query.text());
		return toSingleLine(line);
	}

	private static String toSingleLine(CharSequence text) {
		return LINE_BREAKS.matcher(text).replaceAll(" ").strip();
	}

	private static void append(StringBuilder line, String key, @Nullable Object value) {
		if (value != null) {
			line.append(' ').append(key).append('=').append(value);
		}
	}

}
