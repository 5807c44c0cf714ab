package io.appdbs.config;

import java.time.Duration;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.SettingsBinding.ValueType;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.settings.RuntimeSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Binds and validates {@code app.dbs-runtime}, without the template.
 *
 * @param sources the sources of the configuration
 * @param binder binds a value
 * @param problems where problems are reported
 */
public record RuntimeSettingsBinding(ConfiguredSources sources, Binder binder, ConfigurationProblems problems) {

	/**
	 * Binds the settings.
	 * @param environment the environment
	 * @return the settings, without the template
	 * @throws InvalidDatabaseConfigurationException if a value is invalid
	 */
	public static RuntimeSettings bind(Environment environment) {
		ConfiguredSources sources = ConfiguredSources.of(environment);
		RuntimeSettingsBinding binding = new RuntimeSettingsBinding(sources,
				new Binder(sources.all(), SettingsBinding.placeholders(environment)), new ConfigurationProblems());
		RuntimeSettings settings = binding.bind();
		binding.problems.throwIfAny();
		return settings;
	}

	private RuntimeSettings bind() {
		RuntimeSettings defaults = RuntimeSettings.DEFAULTS;
		return new RuntimeSettings(null, bind("max-databases", defaults.maxDatabases(), 1),
				bind("max-connections", defaults.maxConnections(), 1),
				bind("max-connecting", defaults.maxConnecting(), 1),
				bind("migration-threads", defaults.migrationThreads(), 1), bindIdleAfter(defaults.idleAfter()),
				bind("max-meters", defaults.maxMeters(), 0));
	}

	private int bind(String key, int defaultValue, int least) {
		Integer value = bind(key, Integer.class);
		if (value != null && value < least) {
			report(key, value, "but must be at least " + least, "Write %d or more.".formatted(least));
		}
		return (value != null) ? value : defaultValue;
	}

	private Duration bindIdleAfter(Duration defaultValue) {
		Duration value = bind("idle-after", Duration.class);
		if (value != null && value.compareTo(Duration.ofSeconds(1)) < 0) {
			report("idle-after", SettingProblems.text(value), "but must be at least 1s", "Write 1s or more.");
		}
		return (value != null) ? value : defaultValue;
	}

	private <T> @Nullable T bind(String key, Class<T> type) {
		try {
			return this.binder.bind(ConfiguredSources.RUNTIME.append(key).toString(), type).orElse(null);
		}
		catch (BindException ex) {
			reportUnreadable(key, type, ex);
			return null;
		}
	}

	private void reportUnreadable(String key, Class<?> type, BindException failure) {
		Place place = place(key);
		UnresolvedPlaceholder unresolved = UnresolvedPlaceholder.find(failure);
		if (unresolved != null && place != null) {
			String value = place.value().toString();
			this.problems
				.add(null, place.key(), place.origin(), unresolved.describe(place.key(), value),
						unresolved.getAction(place.key(), value))
				.in(TroubleshootingSection.PLACEHOLDER);
			return;
		}
		ValueType expected = ValueType.of(type);
		report(key, (place != null) ? place.value() : "", "which is " + expected.description(), expected.example());
	}

	private void report(String key, Object value, String what, String action) {
		Place place = place(key);
		String name = ConfiguredSources.RUNTIME.append(key).toString();
		this.problems.add(null, name, (place != null) ? place.origin() : null,
				"'%s' is '%s', %s.".formatted(name, value, what), action);
	}

	private @Nullable Place place(String key) {
		ConfigurationPropertyName name = ConfiguredSources.RUNTIME.append(key);
		return this.sources.locate(name, false);
	}

}
