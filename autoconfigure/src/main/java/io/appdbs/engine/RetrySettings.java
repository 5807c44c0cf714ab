package io.appdbs.engine;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How transactions are run again after a conflict. Whether they are is {@code null} where
 * the engine decides.
 *
 * @param enabled Whether a transaction that the database has rolled back because of
 * another one is run again. By default only on an engine that expects it of its clients,
 * which is CockroachDB.
 * @param maxAttempts Number of attempts at most, the first one included. 30 by default.
 * @param initialDelay Shortest delay before another attempt. 5ms by default.
 * @param maxDelay Longest delay before another attempt. 1s by default.
 * @param multiplier Factor by which the delay grows from attempt to attempt. 2 by
 * default.
 * @param timeout Time from the beginning of the first attempt after which none is begun
 * any more. 30s by default.
 * @param onSqlStates SQLStates of further failures that another attempt may mend, such as
 * '23505'.
 */
public record RetrySettings(@Nullable Boolean enabled, Integer maxAttempts, Duration initialDelay, Duration maxDelay,
		Double multiplier, Duration timeout, List<String> onSqlStates) {

	static final RetrySettings DEFAULT = new RetrySettings(null, 30, Duration.ofMillis(5), Duration.ofSeconds(1), 2.0,
			Duration.ofSeconds(30), List.of());

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public RetrySettings {
		maxAttempts = (maxAttempts != null) ? maxAttempts : 30;
		initialDelay = (initialDelay != null) ? initialDelay : Duration.ofMillis(5);
		maxDelay = (maxDelay != null) ? maxDelay : Duration.ofSeconds(1);
		multiplier = (multiplier != null) ? multiplier : 2.0;
		timeout = (timeout != null) ? timeout : Duration.ofSeconds(30);
		onSqlStates = (onSqlStates != null) ? List.copyOf(onSqlStates) : List.of();
	}

}
