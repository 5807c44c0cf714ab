package io.appdbs.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RuntimeSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;

/**
 * Finds unknown keys under {@code app.dbs}, {@code app.dbs-defaults} and
 * {@code app.dbs-runtime}.
 *
 * @param sources the sources of the configuration
 * @param hikari the properties of HikariCP, or {@code null} without it
 * @param flyway the options that Flyway knows, or {@code null} without Flyway
 * @param problems where problems are reported
 */
record KeyValidator(ConfiguredSources sources, @Nullable HikariKeys hikari, @Nullable FlywayKeys flyway,
		ConfigurationProblems problems) {

	static final String GROUP_MESSAGE = "'%s' has a value, but is a group of keys.";

	static final String GROUP_ACTION = "Move the value to one of the keys below '%s'.";

	private static final Map<String, String> NO_DEFAULT = Map.of("url", "each database has a separate URL", "packages",
			"each database has separate packages", "primary", "only one database of each kind can be primary",
			"replicas", "each database has separate replicas", "partitions", "each database has separate tables");

	void validate(Collection<String> names) {
		this.sources.declaring().forEach((source) -> source.stream().forEach((key) -> {
			if (ConfiguredSources.DEFAULTS.equals(key) || ConfiguredSources.DEFAULTS.isAncestorOf(key)) {
				new Key(source, key, null, ConfiguredSources.DEFAULTS.getNumberOfElements()).validate();
			}
			else if (ConfiguredSources.TEMPLATE.isAncestorOf(key)) {
				new Key(source, key, null, ConfiguredSources.TEMPLATE.getNumberOfElements()).validate();
			}
			else if (ConfiguredSources.RUNTIME.equals(key) || ConfiguredSources.RUNTIME.isAncestorOf(key)) {
				new Key(source, key, null, ConfiguredSources.RUNTIME.getNumberOfElements()).validateRuntime();
			}
			else if (ConfiguredSources.DATABASES.isAncestorOf(key)) {
				int index = ConfiguredSources.DATABASES.getNumberOfElements();
				String name = key.getElement(index, Form.ORIGINAL);
				if (names.contains(name) && key.getNumberOfElements() > index + 1) {
					new Key(source, key, name, index + 1).validate();
				}
			}
		}));
	}

	/**
	 * A key as written in a source.
	 */
	private final class Key {

		private final ConfigurationPropertyName name;

		private final @Nullable String database;

		private final int start;

		private final @Nullable Origin origin;

		private final String value;

		Key(IterableConfigurationPropertySource source, ConfigurationPropertyName name, @Nullable String database,
				int start) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			this.name = name;
			this.database = database;
			this.start = start;
			this.origin = (property != null) ? property.getOrigin() : null;
			this.value = (property != null) ? property.getValue().toString() : "";
		}

		void validate() {
			if (this.start == this.name.getNumberOfElements()) {
				group(this.start, databaseKeys().names());
				return;
			}
			if (this.database == null) {
				String reason = NO_DEFAULT.get(this.name.getElement(this.start, Form.DASHED));
				if (reason != null) {
					add(this.start + 1, "is not allowed: " + reason + ".",
							ConfiguredSources.TEMPLATE.isAncestorOf(this.name)
									? "Remove it. The settings of a database are passed to Databases.add."
									: "Move it to the database that it is meant for, below 'app.dbs'.");
					return;
				}
			}
			validate(databaseKeys(), this.start);
		}

		private KnownKeys databaseKeys() {
			KnownKeys known = KnownKeys.of(DatabaseSettings.class);
			return (this.database != null) ? known : known.without(NO_DEFAULT.keySet());
		}

		void validateRuntime() {
			if (this.start == this.name.getNumberOfElements()) {
				group(this.start, KnownKeys.of(RuntimeSettings.class).names());
			}
			else {
				validate(KnownKeys.of(RuntimeSettings.class), this.start);
			}
		}

		private void validate(KnownKeys known, int index) {
			if (this.name.isNumericIndex(index)) {
				list(index);
				return;
			}
			String element = this.name.getElement(index, Form.ORIGINAL);
			String key = known.find(element);
			boolean last = index + 1 == this.name.getNumberOfElements();
			if (key == null) {
				String advice = advise(index, element);
				add(index + 1, "is not a known key.", (advice != null) ? advice : known.suggest(element));
				return;
			}
			Class<?> entries = known.groupType(key);
			if (entries != null) {
				entry(entries, index + 1);
				return;
			}
			Class<?> type = known.type(key);
			boolean isGroup = type.isRecord() || Map.class.isAssignableFrom(type);
			if (last && isGroup) {
				group(index + 1, type.isRecord() ? KnownKeys.of(type).names() : options(key));
			}
			else if (type.isRecord()) {
				validate(KnownKeys.of(type), index + 1);
			}
			else if (isGroup) {
				option(key, index + 1);
			}
			else if (!last && !(type == List.class && this.name.isNumericIndex(index + 1))) {
				add(this.name.getNumberOfElements(),
						"is not a known key: '%s' is a value and has no keys below it.".formatted(written(index + 1)),
						"Remove it, or check its indentation.");
			}
		}

		private @Nullable String advise(int index, String element) {
			String advice = JpaValidator.advise(written(index), element);
			if (advice != null || ConfiguredSources.RUNTIME.isAncestorOf(this.name)) {
				return advice;
			}
			KeyAdvice other = new KeyAdvice(written(this.start), databaseKeys(), KeyValidator.this.hikari);
			if (index == this.start) {
				String indentation = (this.database != null) ? KeyAdvice.ofIndentation(this.database, element) : null;
				return (indentation != null) ? indentation : other.ofDatabase(element);
			}
			// the keys of an entry of a list are other ones
			return (index == this.start + 1) ? other.ofGroup(this.name.getElement(this.start, Form.DASHED), element)
					: null;
		}

		/**
		 * Validates the rest of a key below a list of groups.
		 */
		private void entry(Class<?> type, int index) {
			int end = this.name.getNumberOfElements();
			String first = KnownKeys.of(type).names().get(0);
			if (index == end) {
				value(end, "'%s' has a value, but is a list of groups of keys.",
						"Move the value to a key of an entry: '%s[0]." + first + "'.");
			}
			else if (!this.name.isNumericIndex(index)) {
				String key = written(index);
				add(key, "is a list and not a group of keys.",
						"Begin each entry with '-' in YAML, in place of a name if it has one, or with an index: '%s[0].%s'."
							.formatted(key, first));
			}
			else if (index + 1 == end) {
				value(end, GROUP_MESSAGE, "Move the value to a key of the entry: '%s." + first + "'.");
			}
			else {
				validate(KnownKeys.of(type), index + 1);
			}
		}

		private void list(int index) {
			add(index, "is a group of keys and not a list.",
					"Remove the '-' in front of its keys in YAML, or the index in brackets.");
		}

		private void group(int end, List<String> known) {
			value(end, GROUP_MESSAGE, KeyAdvice.ofValue("%s", this.value, known));
		}

		private void value(int end, String message, String action) {
			if (!this.value.isBlank()) {
				String key = written(end);
				KeyValidator.this.problems
					.add(this.database, key, this.origin, message.formatted(key), action.formatted(key))
					.in(TroubleshootingSection.UNKNOWN_KEY);
			}
		}

		private List<String> options(String key) {
			if (key.equals("hikari") && KeyValidator.this.hikari != null) {
				return KeyValidator.this.hikari.names();
			}
			return (key.equals("flyway") && KeyValidator.this.flyway != null) ? KeyValidator.this.flyway.names()
					: List.of();
		}

		private void option(String key, int index) {
			if (this.name.isNumericIndex(index)) {
				list(index);
				return;
			}
			String property = written(this.name.getNumberOfElements()).substring(written(index).length() + 1);
			if (key.equals("hikari")) {
				hikari(property);
			}
			else if (key.equals("flyway")) {
				flyway(property.replaceFirst("\\[\\d+]$", ""), index);
			}
		}

		private void flyway(String option, int index) {
			FlywayKeys keys = KeyValidator.this.flyway;
			if (keys != null && keys.find(option) == null) {
				unknown(written(index) + "." + option, option, keys.names());
			}
		}

		private void hikari(String property) {
			String instead = HikariKeys.insteadOf(property);
			int end = this.name.getNumberOfElements();
			if (instead != null) {
				add(end, "is set by AppDBs itself.", instead.isEmpty() ? "Remove it."
						: "Use '%s.%s' instead.".formatted(written(this.start), instead));
			}
			else if (KeyValidator.this.hikari != null && (KeyValidator.this.hikari.find(property) == null
					|| isDotted(KeyValidator.this.hikari.find(property), property))) {
				unknown(written(end), property, KeyValidator.this.hikari.names());
			}
		}

		private boolean isDotted(@Nullable String known, String property) {
			return known != null && known.indexOf('.') < 0 && property.indexOf('.') >= 0;
		}

		private void unknown(String key, String element, List<String> known) {
			add(key, "is not a known key.", KnownKeys.suggest(element, "keys", known));
		}

		private void add(int end, String message, String action) {
			add(written(end), message, action);
		}

		private void add(String key, String message, String action) {
			KeyValidator.this.problems.add(this.database, key, this.origin, "'" + key + "' " + message, action)
				.in(TroubleshootingSection.UNKNOWN_KEY);
		}

		/**
		 * Returns the first elements as written.
		 */
		private String written(int end) {
			StringBuilder written = new StringBuilder();
			for (int i = 0; i < end; i++) {
				String element = this.name.getElement(i, Form.ORIGINAL);
				if (this.name.isNumericIndex(i)) {
					written.append('[').append(element).append(']');
				}
				else {
					written.append((i > 0) ? "." : "").append(element);
				}
			}
			return written.toString();
		}

	}

}
