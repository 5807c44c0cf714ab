package io.appdbs.engine;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a database is watched.
 *
 * @param interval Interval at which the database is probed. 1s by default.
 * @param timeout Time within which a probe must be answered. 1s by default.
 * @param abortAfter Time after which statements under way are ended when their server has
 * gone silent. 10s by default. Not for MongoDB, whose driver does so itself.
 * @param readiness Whether the readiness of the application depends on the database, if
 * it is required.
 */
public record HealthSettings(Duration interval, Duration timeout, Duration abortAfter,
		@DefaultValue("true") boolean readiness) {

	static final HealthSettings DEFAULT = new HealthSettings(Duration.ofSeconds(1), Duration.ofSeconds(1),
			Duration.ofSeconds(10), true);

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public HealthSettings {
		interval = (interval != null) ? interval : Duration.ofSeconds(1);
		timeout = (timeout != null) ? timeout : Duration.ofSeconds(1);
		abortAfter = (abortAfter != null) ? abortAfter : Duration.ofSeconds(10);
	}

}
