package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Retry of transactions after a conflict. If {@code enabled} is {@code null}, the engine
 * decides.
 *
 * @param enabled Whether to retry a transaction that the database has rolled back because
 * of a conflict. By default, only with CockroachDB and YugabyteDB.
 * @param maxAttempts Maximum number of attempts, including the first one.
 * @param initialDelay Minimum delay before the second attempt.
 * @param maxDelay Maximum delay before another attempt.
 * @param multiplier Factor by which the delay grows from attempt to attempt.
 * @param timeout Time after the beginning of the first attempt after which no further
 * attempt begins.
 * @param onSqlStates SQLStates of further failures that are retried, such as '23505'.
 * None by default.
 */
public record RetrySettings(@Nullable Boolean enabled, @DefaultValue("30") int maxAttempts,
		@DefaultValue("5ms") Duration initialDelay, @DefaultValue("1s") Duration maxDelay,
		@DefaultValue("2") double multiplier, @DefaultValue("30s") Duration timeout,
		@DefaultValue List<String> onSqlStates) {

	public RetrySettings {
		onSqlStates = List.copyOf(onSqlStates);
	}

}
