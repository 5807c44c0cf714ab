package io.appdbs.settings;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a database is watched.
 *
 * @param interval Interval at which the database is probed.
 * @param timeout Time within which a probe must be answered.
 * @param abortAfter Time after which statements under way are ended when their server has
 * gone silent. Not for MongoDB, whose driver does so itself.
 * @param readiness Whether the readiness of the application depends on the database, if
 * it is required.
 */
public record HealthSettings(@DefaultValue("1s") Duration interval, @DefaultValue("1s") Duration timeout,
		@DefaultValue("10s") Duration abortAfter, @DefaultValue("true") boolean readiness) {

}
