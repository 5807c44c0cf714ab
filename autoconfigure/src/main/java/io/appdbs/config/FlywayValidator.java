package io.appdbs.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.migration.FlywayModules;
import io.appdbs.migration.MigrationFiles;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Validates the options under {@code flyway}.
 *
 * @param problems where problems are reported
 * @param sources the sources of the configuration
 * @param database the database
 * @param keys the options that Flyway knows, or {@code null} without Flyway
 * @param parameters the validator of driver parameters
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record FlywayValidator(SettingProblems problems, ConfiguredSources sources, String database, @Nullable FlywayKeys keys,
		DriverParameterValidator parameters, @Nullable ClassLoader classLoader) {

	/** Options that are not passed to Flyway, or whose value is not validated. */
	private static final List<String> OTHERS = List.of("enabled", "url", "user", "password", "callbacks", "resolvers",
			"locations", "callbackLocations");

	private static final String JDBC_PROPERTIES = "jdbcProperties.";

	/**
	 * Validates the options.
	 * @param options the options as bound, those of the defaults included
	 * @param engine the engine of the database
	 * @return the options under the names that Flyway knows
	 */
	Map<String, String> validate(Map<String, String> options, Engine engine) {
		String own = this.problems.keys().findOwn("flyway");
		if (engine.getKind() != DatabaseKind.RELATIONAL) {
			if (own != null) {
				this.problems.addOwn(own, "'%s' has no effect: Flyway does not migrate %s."
					.formatted(this.problems.key(own), engine.getDisplayName()), "Remove it.");
			}
			return Map.of();
		}
		if (this.keys == null) {
			if (!"false".equalsIgnoreCase(options.get("enabled"))) {
				validateClassPath(own, FlywayModules.coordinates(engine));
			}
			return Map.of();
		}
		Map<String, String> normalized = this.keys.normalize(options);
		Map<String, String> properties = new LinkedHashMap<>();
		normalized.forEach((option, value) -> {
			if (option.startsWith(JDBC_PROPERTIES)) {
				properties.put(option.substring(JDBC_PROPERTIES.length()), value);
			}
		});
		normalized.forEach((option, value) -> validate(option, value, engine, properties));
		this.parameters.validateProperties(this.problems, "flyway.jdbc-properties", engine, null, properties);
		if (normalized.containsKey("password") && !normalized.containsKey("user")) {
			this.problems.addOwn("flyway.password",
					"'%s' is set, but no username for migrations.".formatted(this.problems.key("flyway.password")),
					"Add 'username' next to it.");
		}
		return normalized;
	}

	private void validateClassPath(@Nullable String own, String coordinates) {
		if (own != null) {
			this.problems
				.addOwn(own,
						"'%s' needs '%s', which is not on the class path.".formatted(this.problems.key(own),
								coordinates),
						Dependency.advice(List.of(coordinates)))
				.in(TroubleshootingSection.LIBRARY);
		}
		else if (MigrationFiles.find(this.classLoader).hasScriptsOf(this.database)) {
			this.problems
				.addOwn("flyway.enabled",
						"the migrations in '%s/%s' need '%s', which is not on the class path."
							.formatted(MigrationFiles.ROOT, this.database, coordinates),
						"%s\n\nOr set '%s' to false.".formatted(Dependency.advice(List.of(coordinates)),
								this.problems.key("flyway.enabled")))
				.in(TroubleshootingSection.LIBRARY);
		}
	}

	private void validate(String option, String value, Engine engine, Map<String, String> properties) {
		String key = "flyway." + key(option);
		if (option.equals("url")) {
			this.parameters.validateMigrationUrl(this.problems, key, value, engine, properties);
		}
		else if (option.equals("enabled")) {
			if (!List.of("true", "false").contains(value.trim().toLowerCase(Locale.ROOT))) {
				this.problems.add(key, value, "which is neither true nor false", "Write true or false.");
			}
		}
		else if (!OTHERS.contains(option) && option.indexOf('.') < 0) {
			tryOption(option, key, value);
		}
	}

	private void tryOption(String option, String key, String value) {
		String message = Trial.refusal(option, value);
		if (message != null) {
			int parenthesis = message.indexOf("(should be ");
			String expected = (parenthesis >= 0)
					? "but " + message.substring(parenthesis + 1, message.indexOf(')', parenthesis))
					: "which Flyway rejects: " + message;
			this.problems.add(key, value, expected, "Correct the value.");
		}
	}

	/**
	 * Returns the key as written, which has several spellings.
	 */
	private String key(String option) {
		FlywayKeys keys = this.keys;
		for (ConfigurationPropertyName prefix : this.sources.groups(this.database)) {
			ConfigurationPropertyName flyway = prefix.append("flyway");
			String written = this.sources.declaring()
				.flatMap((source) -> source.stream())
				.filter(flyway::isAncestorOf)
				.map((name) -> name.subName(flyway.getNumberOfElements()).toString())
				.filter((name) -> keys != null && option.equals(keys.find(name)))
				.findFirst()
				.orElse(null);
			if (written != null) {
				return written;
			}
		}
		return option.toLowerCase(Locale.ROOT);
	}

	/**
	 * Loaded only if Flyway is present.
	 */
	private static final class Trial {

		static @Nullable String refusal(String option, String value) {
			try {
				new FluentConfiguration().configuration(Map.of("flyway." + option, value));
				return null;
			}
			catch (FlywayException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

	}

}
