package io.appdbs.config;

import java.util.Collection;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.settings.FormerKeys;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyNameAliases;

/**
 * Logs deprecated keys that are set, and rejects those that are set in addition to the
 * key that replaces them.
 *
 * @param sources the sources of the configuration
 * @param problems where problems are reported
 */
record DeprecatedKeys(ConfiguredSources sources, ConfigurationProblems problems) {

	private static final Log logger = LogFactory.getLog(DeprecatedKeys.class);

	/** Replaced by {@link ConfiguredSources#INCLUDE}. */
	static final ConfigurationPropertyName ONLY = ConfigurationPropertyName.of("app.dbs-only");

	/**
	 * Returns the key of the names to use, as it is written.
	 * @throws InvalidDatabaseConfigurationException if the deprecated key and the one
	 * that replaces it are both set
	 */
	static ConfigurationPropertyName findInclude(ConfiguredSources sources) {
		ConfigurationProblems problems = new ConfigurationProblems();
		new DeprecatedKeys(sources, problems).validate(null, ONLY, ConfiguredSources.INCLUDE);
		problems.throwIfAny();
		return sources.isSet(ONLY) ? ONLY : ConfiguredSources.INCLUDE;
	}

	/**
	 * Adds aliases with which the values of deprecated keys are read as those of the keys
	 * that replace them.
	 */
	static void addAliases(ConfigurationPropertyName prefix, ConfigurationPropertyNameAliases aliases) {
		FormerKeys.all().forEach((key, former) -> aliases.addAliases(prefix.append(former), prefix.append(key)));
	}

	void validate(Collection<String> names) {
		Stream.concat(names.stream().sorted(), Stream.<@Nullable String>of((String) null)).forEach((database) -> {
			ConfigurationPropertyName prefix = (database != null) ? ConfiguredSources.database(database)
					: ConfiguredSources.DEFAULTS;
			FormerKeys.all().forEach((key, former) -> report(database, prefix.append(former), prefix.append(key)));
		});
		report(null, ONLY, ConfiguredSources.INCLUDE);
	}

	private void report(@Nullable String database, ConfigurationPropertyName former, ConfigurationPropertyName key) {
		validate(database, former, key);
		if (this.sources.isSet(former)) {
			logger.warn("'%s' is deprecated. Use '%s' instead.".formatted(former, key));
		}
	}

	private void validate(@Nullable String database, ConfigurationPropertyName former, ConfigurationPropertyName key) {
		if (this.sources.isSet(former) && this.sources.isSet(key)) {
			Place place = this.sources.locate(former, database != null);
			this.problems
				.add(database, former.toString(), (place != null) ? place.origin() : null,
						"'%s' and '%s' are the same setting, and both are set.".formatted(former, key),
						"Remove '%s', which is deprecated.".formatted(former))
				.in(TroubleshootingSection.UNKNOWN_KEY);
		}
	}

}
