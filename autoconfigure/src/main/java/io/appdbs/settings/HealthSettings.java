package io.appdbs.settings;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Monitoring of a database.
 *
 * @param interval Interval at which the database is probed.
 * @param timeout Maximum time for the answer to a probe, not longer than the interval.
 * @param abortAfter Time without an answer of the server after which running statements
 * are aborted. The MongoDB driver aborts them itself.
 * @param readiness Whether the application is ready only while the database is usable.
 * Always false if the database is not required.
 */
public record HealthSettings(@DefaultValue("1s") Duration interval, @DefaultValue("1s") Duration timeout,
		@DefaultValue("10s") Duration abortAfter, @DefaultValue("true") boolean readiness) {

}
