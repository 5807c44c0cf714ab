package io.appdbs.config.validator;

import java.time.Duration;

import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Rejects values of the pool that contradict each other, or that HikariCP would replace
 * with a warning (see {@code HikariConfig.validateNumerics}).
 *
 * @param problems where problems are reported
 * @param pool the settings of the pool
 * @param engine the engine of the database
 */
public record PoolValidator(SettingProblems problems, PoolSettings pool, Engine engine) {

	private static final Duration DEFAULT_MAX_LIFETIME = Duration.ofMinutes(30);

	private static final Duration MIN_LIFETIME = Duration.ofSeconds(30);

	public void validate() {
		validateSizes();
		Duration smallest = Duration.ofMillis(1);
		atLeast("acquire-timeout", this.pool.acquireTimeout(), isRelational() ? Duration.ofMillis(250) : smallest);
		validateConnectTimeout(this.pool.connectTimeout(), smallest);
		offOrAtLeast("max-lifetime", this.pool.maxLifetime(), isRelational() ? MIN_LIFETIME : smallest);
		offOrAtLeast("max-idle-time", this.pool.maxIdleTime(),
				(isRelational() && isElastic()) ? Duration.ofSeconds(10) : smallest);
		if (isRelational()) {
			offOrAtLeast("keepalive", this.pool.keepalive(), Duration.ofSeconds(30));
			offOrAtLeast("leak-threshold", this.pool.leakThreshold(), Duration.ofSeconds(2));
			validateAgainstLifetime();
		}
		else {
			atLeast("keepalive", this.pool.keepalive(), smallest);
			validateLeakThreshold(this.pool.leakThreshold(), smallest);
			validateOnSessionChange();
		}
	}

	private void validateConnectTimeout(@Nullable Duration value, Duration smallest) {
		if (value != null && this.engine instanceof JdbcEngine jdbcEngine && isOwn("connect-timeout")
				&& jdbcEngine.getConnectTimeoutProperties(value).isEmpty()) {
			reject("connect-timeout",
					"the %s driver has no limit on opening a connection".formatted(this.engine.getDisplayName()));
		}
		else {
			atLeast("connect-timeout", value, smallest);
		}
	}

	private void validateLeakThreshold(@Nullable Duration value, Duration smallest) {
		if (value != null && isOwn("leak-threshold")) {
			reject("leak-threshold", "the %s driver uses a connection for one operation and returns it"
				.formatted(this.engine.getDisplayName()));
		}
		else {
			offOrAtLeast("leak-threshold", value, smallest);
		}
	}

	private void validateOnSessionChange() {
		if (this.pool.onSessionChange() != null && isOwn("on-session-change")) {
			reject("on-session-change",
					"the connections of %s have no session state".formatted(this.engine.getDisplayName()));
		}
	}

	/**
	 * Returns whether the database itself sets a key. Defaults apply to all databases,
	 * and are ignored by those that do not support them.
	 */
	private boolean isOwn(String key) {
		Place place = this.problems.place("pool." + key);
		return place != null && place.own();
	}

	private void reject(String key, String reason) {
		this.problems.addOwn("pool." + key,
				"'%s' has no effect: %s.".formatted(this.problems.key("pool." + key), reason),
				"Remove it. As a default, below '%s', it applies to the databases that have it."
					.formatted(ConfiguredSources.DEFAULTS));
	}

	private void validateSizes() {
		Integer min = this.pool.minSize();
		Integer max = this.pool.maxSize();
		if (min != null && min < 0) {
			this.problems.add("pool.min-size", min, "but must not be negative", "Write 0 or more.");
		}
		else if (max != null && max < 1) {
			this.problems.add("pool.max-size", max, "but must be at least 1", "Write 1 or more.");
		}
		else if (min != null && min > effectiveMax()) {
			String key = this.problems.key("pool.max-size");
			this.problems.add("pool.min-size", min,
					(max != null) ? "which is more than '%s', which is '%s'".formatted(key, max)
							: "which is more than the %s that '%s' is by default".formatted(effectiveMax(), key),
					"Lower '%s' or raise '%s'.".formatted(this.problems.key("pool.min-size"), key));
		}
	}

	private boolean isRelational() {
		return this.engine.getKind() == DatabaseKind.RELATIONAL;
	}

	private int effectiveMax() {
		Integer max = this.pool.maxSize();
		return (max != null) ? max : (isRelational() ? 10 : 100);
	}

	private boolean isElastic() {
		Integer min = this.pool.minSize();
		return min != null && min < effectiveMax();
	}

	private void atLeast(String key, @Nullable Duration value, Duration minimum) {
		if (value != null) {
			this.problems.checkAtLeast("pool." + key, value, minimum);
		}
	}

	private void offOrAtLeast(String key, @Nullable Duration value, Duration minimum) {
		if (value != null && !value.isZero() && value.compareTo(minimum) < 0) {
			this.problems.add("pool." + key, SettingProblems.text(value),
					"but must be at least " + SettingProblems.text(minimum),
					"Write %s or more, or 0 to switch it off.%s".formatted(SettingProblems.text(minimum),
							this.problems.unit("pool." + key)));
		}
	}

	/**
	 * HikariCP disables settings that exceed the lifetime of a connection.
	 */
	private void validateAgainstLifetime() {
		Duration lifetime = (this.pool.maxLifetime() != null) ? this.pool.maxLifetime() : DEFAULT_MAX_LIFETIME;
		if (lifetime.compareTo(MIN_LIFETIME) < 0) {
			return;
		}
		shorter("keepalive", this.pool.keepalive(), lifetime, lifetime.minusSeconds(1));
		shorter("leak-threshold", this.pool.leakThreshold(), lifetime, lifetime);
		if (isElastic()) {
			shorter("max-idle-time", this.pool.maxIdleTime(), lifetime, lifetime.minusSeconds(1));
		}
	}

	private void shorter(String key, @Nullable Duration value, Duration lifetime, Duration longest) {
		if (value == null || value.compareTo(longest) <= 0) {
			return;
		}
		String lifetimeKey = this.problems.key("pool.max-lifetime");
		Place place = this.problems.place("pool.max-lifetime");
		this.problems.add("pool." + key, SettingProblems.text(value),
				"but a connection lives only %s%s".formatted(SettingProblems.text(lifetime),
						(place != null) ? " ('" + lifetimeKey + "')" : " where 'pool.max-lifetime' is not set"),
				"Write at most %s, or raise '%s'.".formatted(SettingProblems.text(longest), lifetimeKey));
	}

}
