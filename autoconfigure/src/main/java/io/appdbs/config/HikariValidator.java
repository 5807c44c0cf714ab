package io.appdbs.config;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import com.zaxxer.hikari.util.UtilityElf;
import io.appdbs.config.SettingsBinding.ValueType;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.SettingKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Validates the properties under {@code hikari}, and whether they contradict
 * {@code pool}.
 *
 * @param environment the environment of the application
 * @param problems where problems are reported
 */
record HikariValidator(Environment environment, SettingProblems problems) {

	private static final long SMALLEST_TIMEOUT = 250;

	private static final ConversionService conversions = ApplicationConversionService.getSharedInstance();

	void validate(Map<String, String> properties, HikariKeys keys) {
		properties.forEach((property, value) -> validate(property, value, keys.type(property)));
		HikariKeys.SAME_AS_POOL.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.forEach((entry) -> validateSame(entry.getKey(), entry.getValue()));
	}

	/**
	 * Rejects properties of the database; the defaults apply to other databases.
	 */
	void reject(Engine engine) {
		SettingKeys keys = this.problems.keys();
		ConfigurationPropertyName prefix = ConfiguredSources.database(keys.database());
		keys.sources()
			.keysBelow(prefix.append("hikari"))
			.findFirst()
			// an environment variable does not have the hyphens of the name
			.map((key) -> ConfiguredSources.append(prefix, key, prefix.getNumberOfElements()))
			.map((key) -> keys.sources().locate(key, true))
			.ifPresent((place) -> this.problems.addAt(place,
					"'%s' has no effect: HikariCP is not used for %s.".formatted(place.key(), engine.getDisplayName()),
					"Remove it. The keys below '%s.pool' apply to %s too.".formatted(prefix, engine.getDisplayName())));
	}

	private void validate(String property, String value, Class<?> type) {
		String key = "hikari." + property;
		if (property.equals("transaction-isolation")) {
			validateIsolation(key, value);
		}
		else if (property.equals("exception-override-class-name") && !ClassUtils.isPresent(value, null)) {
			this.problems.add(key, value, "which is not a class on the class path",
					"Write the full name of a class that implements com.zaxxer.hikari.SQLExceptionOverride.");
		}
		if (type == String.class || type == Properties.class) {
			return;
		}
		try {
			Object converted = conversions.convert(value, type);
			if (property.equals("validation-timeout") && converted instanceof Long millis
					&& millis < SMALLEST_TIMEOUT) {
				this.problems.add(key, value, "but must be at least 250 (milliseconds)", "Write 250 or more.");
			}
		}
		catch (ConversionException ex) {
			ValueType expected = ValueType.of(type);
			this.problems.add(key, value, "which is " + expected.description(), expected.example());
		}
	}

	private void validateIsolation(String key, String value) {
		try {
			UtilityElf.getTransactionIsolation(value);
		}
		catch (IllegalArgumentException ex) {
			this.problems.add(key, value, "which is not an isolation level",
					"Write for example TRANSACTION_READ_COMMITTED or TRANSACTION_SERIALIZABLE.");
		}
	}

	/**
	 * Both spellings of a setting must have the same value, among those of the database
	 * and among the defaults.
	 */
	private void validateSame(String property, String key) {
		SettingKeys keys = this.problems.keys();
		for (ConfigurationPropertyName prefix : keys.sources().groups(keys.database())) {
			boolean own = prefix.equals(ConfiguredSources.database(keys.database()));
			Place one = keys.sources().locate(prefix.append(key), own);
			Place other = keys.sources().locate(prefix.append("hikari." + property), own);
			if (one != null && other != null && !isSame(one, other, key)) {
				this.problems.addAt(one,
						"'%s' and '%s' are the same setting, but have different values: '%s' and '%s'."
							.formatted(one.key(), other.key(), one.value(), other.value()),
						"Remove '%s'.".formatted(other.key()));
				return;
			}
		}
	}

	private boolean isSame(Place one, Place other, String key) {
		Class<?> type = key.endsWith("-size") ? Integer.class : Duration.class;
		try {
			Object first = conversions.convert(resolve(one), type);
			return first == null || first.equals(conversions.convert(resolve(other), type));
		}
		catch (ConversionException ex) {
			return false;
		}
	}

	private String resolve(Place place) {
		return this.environment.resolvePlaceholders(place.value().toString());
	}

}
