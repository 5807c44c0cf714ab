package io.appdbs.config.validator;

import java.util.List;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Rejects pools that cannot follow the load.
 *
 * @param problems where problems are reported
 * @param pool the settings of the pool
 * @param engine the engine of the database
 * @param classLoader the class loader of the application
 */
public record AdaptivePoolValidator(SettingProblems problems, PoolSettings pool, Engine engine,
		@Nullable ClassLoader classLoader) {

	private static final String KEY = "pool.adaptive";

	private static final String LIBRARY = "com.netflix.concurrency-limits:concurrency-limits-core";

	private static final int DEFAULT_MAX_SIZE = 10;

	/**
	 * Validates the settings. A default is ignored by engines that do not support it.
	 */
	public void validate() {
		if (!this.pool.isAdaptive()) {
			return;
		}
		if (!(this.engine instanceof JdbcEngine jdbcEngine)) {
			reject("the %s driver uses a connection for one operation and returns it"
				.formatted(this.engine.getDisplayName()));
		}
		else if (!jdbcEngine.isAdaptivePoolSupported()) {
			reject("%s usually runs in the process of the application, whose processors limit it"
				.formatted(this.engine.getDisplayName()));
		}
		else {
			validateSizes();
			validateClassPath();
		}
	}

	private void reject(String reason) {
		Place place = this.problems.place(KEY);
		if (place != null && place.own()) {
			this.problems.addOwn(KEY, "'%s' has no effect: %s.".formatted(this.problems.key(KEY), reason),
					"Remove it. As a default, below '%s', it applies to the databases that have it."
						.formatted(ConfiguredSources.DEFAULTS));
		}
	}

	private void validateSizes() {
		Integer max = this.pool.maxSize();
		Integer min = this.pool.minSize();
		int maximum = (max != null) ? max : DEFAULT_MAX_SIZE;
		int smallest = PoolSettings.smallestAdaptiveSize();
		if (max != null && max >= 1 && max < smallest) {
			this.problems.add("pool.max-size", max,
					"but must be at least %d with '%s'".formatted(smallest, this.problems.key(KEY)),
					"Write %d or more, or set '%s' to 'false'.".formatted(smallest, this.problems.keys().ownKey(KEY)));
		}
		else if (min != null && min == maximum) {
			this.problems.add("pool.min-size", min,
					"which is as much as %s and leaves '%s' no choice".formatted((max != null)
							? "'%s'".formatted(this.problems.key("pool.max-size")) : "the maximum by default",
							this.problems.key(KEY)),
					"Lower '%s', or set '%s' to 'false'.".formatted(this.problems.key("pool.min-size"),
							this.problems.keys().ownKey(KEY)));
		}
	}

	private void validateClassPath() {
		if (!ClassUtils.isPresent("com.netflix.concurrency.limits.Limit", this.classLoader)) {
			this.problems
				.addOwn(KEY,
						"'%s' needs '%s', which is not on the class path.".formatted(this.problems.key(KEY), LIBRARY),
						Dependency.advice(List.of(LIBRARY)))
				.in(TroubleshootingSection.LIBRARY);
		}
	}

}
