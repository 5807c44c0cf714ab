package io.appdbs.config.validator;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Dependency;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the specification of caches.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record CacheValidator(SettingProblems problems, DatabaseSettings settings, @Nullable ClassLoader classLoader) {

	private static final String SPEC = "cache.spec";

	private static final String CAFFEINE = "com.github.ben-manes.caffeine:caffeine";

	private static final String EXPIRATION = "expireAfterWrite";

	private static final List<String> KNOWN = List.of(EXPIRATION, "expireAfterAccess", "maximumSize", "initialCapacity",
			"weakValues", "softValues", "recordStats");

	/**
	 * Options of Caffeine that need more than a text, or do not work with annotations.
	 */
	private static final Map<String, String> UNSUPPORTED = Map.of("maximumWeight", "which needs a Weigher",
			"refreshAfterWrite", "which needs a CacheLoader", "weakKeys",
			"with which no entry would be found: it compares keys by identity");

	void validate() {
		String spec = this.settings.cache().spec();
		if (spec == null) {
			return;
		}
		if (this.settings.rls().enabled()) {
			this.problems.addOwn(SPEC,
					"'%s' is set, but '%s' is 'true': the key of an entry does not contain the user, so that a cache would return the rows of one user to another."
						.formatted(this.problems.key(SPEC), this.problems.key("rls.enabled")),
					"Remove '%s', or set 'cache.spec' of the database to an empty value if it is a default."
						.formatted(this.problems.key(SPEC)));
		}
		if (!ClassUtils.isPresent("com.github.benmanes.caffeine.cache.Caffeine", this.classLoader)) {
			this.problems
				.addOwn(SPEC,
						"'%s' needs '%s', which is not on the class path.".formatted(this.problems.key(SPEC), CAFFEINE),
						Dependency.advice(List.of(CAFFEINE)))
				.in(TroubleshootingSection.LIBRARY);
			return;
		}
		validate(spec, parse(spec));
	}

	private static Map<String, String> parse(String spec) {
		Map<String, String> options = new LinkedHashMap<>();
		Arrays.stream(spec.split(","))
			.map((option) -> option.split("=", 2))
			.forEach((option) -> options.put(option[0].trim(), (option.length > 1) ? option[1].trim() : ""));
		return options;
	}

	private void validate(String spec, Map<String, String> options) {
		for (String option : options.keySet()) {
			if (UNSUPPORTED.containsKey(option)) {
				add(spec, "with '%s', %s".formatted(option, UNSUPPORTED.get(option)), "Remove '%s'.".formatted(option));
				return;
			}
			if (!option.isEmpty() && !KNOWN.contains(option)) {
				add(spec, "with the unknown option '%s'".formatted(option),
						"Use the options of Caffeine: %s.".formatted(String.join(", ", KNOWN)));
				return;
			}
		}
		String failure = Specification.findFailure(spec);
		if (failure != null) {
			add(spec, "which Caffeine does not accept: %s".formatted(failure),
					"Write options separated by commas, such as maximumSize=10000,expireAfterWrite=5m.");
		}
		else if (!options.containsKey(EXPIRATION)) {
			add(spec,
					"without '%s': other instances of the application also write, and only that ends the life of an entry"
						.formatted(EXPIRATION),
					"Add it, for example: %s,%s=5m.".formatted(spec, EXPIRATION));
		}
	}

	private void add(String spec, String what, String action) {
		this.problems.add(SPEC, spec, what, action);
	}

	/**
	 * Loaded only if there is Caffeine.
	 */
	private static final class Specification {

		/**
		 * Returns why Caffeine does not accept a specification.
		 */
		static @Nullable String findFailure(String spec) {
			try {
				Caffeine.from(spec).build().cleanUp();
				return null;
			}
			catch (RuntimeException ex) {
				return (ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName();
			}
		}

	}

}
