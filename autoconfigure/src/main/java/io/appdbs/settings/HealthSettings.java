package io.appdbs.settings;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Monitoring of a database.
 *
 * @param interval Interval at which the database is probed.
 * @param timeout Time within which a probe must complete.
 * @param abortAfter Time after which running statements are aborted when the server does
 * not respond. Not for MongoDB, whose driver does so itself.
 * @param readiness Whether the readiness of the application depends on the database, if
 * it is required.
 */
public record HealthSettings(@DefaultValue("1s") Duration interval, @DefaultValue("1s") Duration timeout,
		@DefaultValue("10s") Duration abortAfter, @DefaultValue("true") boolean readiness) {

}
