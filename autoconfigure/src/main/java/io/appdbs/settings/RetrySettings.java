package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How transactions are run again after a conflict. Whether they are is {@code null} where
 * the engine decides.
 *
 * @param enabled Whether a transaction that the database has rolled back because of
 * another one is run again. By default only on an engine that expects it of its clients,
 * which is CockroachDB.
 * @param maxAttempts Number of attempts at most, the first one included.
 * @param initialDelay Shortest delay before another attempt.
 * @param maxDelay Longest delay before another attempt.
 * @param multiplier Factor by which the delay grows from attempt to attempt.
 * @param timeout Time from the beginning of the first attempt after which none is begun
 * any more.
 * @param onSqlStates SQLStates of further failures that another attempt may mend, such as
 * '23505'.
 */
public record RetrySettings(@Nullable Boolean enabled, @DefaultValue("30") int maxAttempts,
		@DefaultValue("5ms") Duration initialDelay, @DefaultValue("1s") Duration maxDelay,
		@DefaultValue("2") double multiplier, @DefaultValue("30s") Duration timeout,
		@DefaultValue List<String> onSqlStates) {

	public RetrySettings {
		onSqlStates = List.copyOf(onSqlStates);
	}

}
