package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Retry of transactions after a conflict. If {@code enabled} is {@code null}, the engine
 * decides.
 *
 * @param enabled Whether a transaction that the database has rolled back because of a
 * conflict is retried. By default only for CockroachDB and YugabyteDB, which expect
 * clients to retry.
 * @param maxAttempts Maximum number of attempts, including the first one.
 * @param initialDelay Shortest delay before another attempt.
 * @param maxDelay Longest delay before another attempt.
 * @param multiplier Factor by which the delay grows from attempt to attempt.
 * @param timeout Time after the beginning of the first attempt after which no other
 * attempt is begun.
 * @param onSqlStates SQLStates of further failures after which a retry may succeed, such
 * as '23505'.
 */
public record RetrySettings(@Nullable Boolean enabled, @DefaultValue("30") int maxAttempts,
		@DefaultValue("5ms") Duration initialDelay, @DefaultValue("1s") Duration maxDelay,
		@DefaultValue("2") double multiplier, @DefaultValue("30s") Duration timeout,
		@DefaultValue List<String> onSqlStates) {

	public RetrySettings {
		onSqlStates = List.copyOf(onSqlStates);
	}

}
