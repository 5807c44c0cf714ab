package io.appdbs.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * The names of databases under {@code app.dbs}. Environment variables override values of
 * these databases, but never declare another one.
 */
public final class DatabaseNames {

	private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9-]*");

	private static final Pattern FOREIGN = Pattern
		.compile("^app\\.dbs(?:\\.(?!\\[)|\\[)([^.\\[\\]]*[^A-Za-z0-9_.\\[\\]-][^.\\[\\]]*|_*)(?=[.\\[\\]]|$)");

	/** {@code APP_DBS_DEFAULTS_...} would be ambiguous. */
	private static final String RESERVED = "defaults";

	/**
	 * The rule for names, for messages.
	 */
	public static final String RULE = "A name begins with a lower-case letter, followed by lower-case letters, "
			+ "digits and hyphens.";

	private final Map<String, @Nullable Origin> names = new LinkedHashMap<>();

	private final ConfigurationProblems problems = new ConfigurationProblems();

	private DatabaseNames() {
	}

	/**
	 * Returns the names of the databases to use, in the order of the configuration. Reads
	 * only the values of {@code app.dbs-include} and {@code enabled}.
	 * @param environment the environment
	 * @return the names, empty if nothing is configured
	 * @throws InvalidDatabaseConfigurationException if a name is not allowed, two names
	 * collide, a value is in place of a database, or {@code app.dbs-include} has a name
	 * that is not that of an enabled database
	 */
	public static List<String> get(Environment environment) {
		return select(environment, getAll(environment));
	}

	/**
	 * Returns the names of databases that are included and enabled.
	 * @param environment the environment
	 * @param all the names of all databases
	 * @return the names of the databases to use
	 * @throws InvalidDatabaseConfigurationException if {@code app.dbs-include} has a name
	 * that is not that of an enabled database
	 */
	public static List<String> select(Environment environment, List<String> all) {
		ConfigurationPropertyName includeKey = getIncludeKey(environment);
		List<String> included = getIncluded(environment, all);
		Map<String, DisabledDatabase> disabled = DisabledDatabase.find(environment, included);
		if (!readIncluded(environment, includeKey).isEmpty()) {
			disabled.values().forEach((database) -> rejectDisabled(includeKey, database));
		}
		return included.stream().filter((name) -> !disabled.containsKey(name)).toList();
	}

	/**
	 * Returns the names that {@code app.dbs-include} lists, or all if it is not set.
	 */
	static List<String> getIncluded(Environment environment, List<String> all) {
		ConfigurationPropertyName includeKey = getIncludeKey(environment);
		List<String> included = readIncluded(environment, includeKey);
		included.forEach((name) -> rejectUnknown(includeKey, name, all));
		return included.isEmpty() ? all : all.stream().filter(included::contains).toList();
	}

	/**
	 * Returns the key that lists the databases to use, as it is written.
	 * @param environment the environment
	 * @return the key, or the deprecated one if that is set
	 */
	public static ConfigurationPropertyName getIncludeKey(Environment environment) {
		return DeprecatedKeys.findInclude(ConfiguredSources.of(environment));
	}

	private static List<String> readIncluded(Environment environment, ConfigurationPropertyName includeKey) {
		try {
			return new Binder(ConfigurationPropertySources.get(environment), SettingsBinding.placeholders(environment))
				.bind(includeKey, Bindable.listOf(String.class))
				.orElse(List.of());
		}
		catch (BindException ex) {
			UnresolvedPlaceholder unresolved = UnresolvedPlaceholder.find(ex);
			if (unresolved == null) {
				throw ex;
			}
			String key = includeKey.toString();
			throw new InvalidDatabaseConfigurationException(null, key, unresolved.describe(key, null),
					unresolved.getAction(key, null), null)
				.in(TroubleshootingSection.PLACEHOLDER);
		}
	}

	private static void rejectDisabled(ConfigurationPropertyName includeKey, DisabledDatabase database) {
		throw new InvalidDatabaseConfigurationException(null, includeKey.toString(),
				"'%s' has '%s', which is disabled: %s".formatted(includeKey, database.name(), database.reason()),
				"%s, or remove '%s' from '%s'.".formatted(database.advice(), database.name(), includeKey), null);
	}

	private static void rejectUnknown(ConfigurationPropertyName includeKey, String name, List<String> all) {
		if (!all.contains(name)) {
			throw new InvalidDatabaseConfigurationException(null, includeKey.toString(),
					"'%s' has '%s', which is not one of the databases below 'app.dbs'.".formatted(includeKey, name),
					(name.matches(".*[\\s;|].*") ? "Separate the names with commas. " : "")
							+ KnownKeys.suggest(name, "databases", all),
					null);
		}
	}

	public static List<String> getAll(Environment environment) {
		ConfiguredSources sources = ConfiguredSources.of(environment);
		DatabaseNames names = new DatabaseNames();
		List<IterableConfigurationPropertySource> fromLowest = new ArrayList<>(sources.declaring().toList());
		// A source that overrides values must not change the order of the databases.
		Collections.reverse(fromLowest);
		fromLowest.forEach(names::rejectForeignCharacters);
		names.problems.throwIfAny();
		fromLowest.forEach(names::collect);
		names.validate();
		return List.copyOf(names.names.keySet());
	}

	/**
	 * Spring Boot removes unsupported characters from a key, so that {@code o/rders}
	 * would become {@code orders}.
	 */
	private void rejectForeignCharacters(IterableConfigurationPropertySource source) {
		if (!(source.getUnderlyingSource() instanceof EnumerablePropertySource<?> underlying)) {
			return;
		}
		for (String key : underlying.getPropertyNames()) {
			Matcher foreign = FOREIGN.matcher(key);
			if (foreign.find()) {
				reject(foreign.group(1), OriginLookup.getOrigin(underlying, key));
			}
		}
	}

	private void collect(IterableConfigurationPropertySource source) {
		Stream<ConfigurationPropertyName> keys = source.stream().filter(DatabaseNames::isConcerned);
		if (source.getUnderlyingSource() instanceof PropertySource<?> underlying
				&& underlying.getSource().getClass() == Properties.class) {
			// In hash order, which is different on another machine.
			keys = keys.sorted();
		}
		keys.forEach((key) -> collect(source, key));
	}

	private static boolean isConcerned(ConfigurationPropertyName key) {
		return ConfiguredSources.DATABASES.equals(key) || ConfiguredSources.DATABASES.isAncestorOf(key);
	}

	private void collect(IterableConfigurationPropertySource source, ConfigurationPropertyName key) {
		ConfigurationProperty property = source.getConfigurationProperty(key);
		Origin origin = (property != null) ? property.getOrigin() : null;
		boolean value = property != null && !property.getValue().toString().isBlank();
		int depth = key.getNumberOfElements() - ConfiguredSources.DATABASES.getNumberOfElements();
		if (depth == 0) {
			if (value) {
				this.problems.add(null, "app.dbs", origin, "'app.dbs' has a value.",
						"Give each database a name below 'app.dbs', for example 'app.dbs.orders.url'.");
			}
			return;
		}
		int index = ConfiguredSources.DATABASES.getNumberOfElements();
		if (key.isNumericIndex(index)) {
			this.problems.add(null, "app.dbs", origin, "'app.dbs' is a list, but each database has a name.",
					"Write a name in place of each '-' in YAML, or of each index in brackets, for example 'app.dbs.orders.url'.");
			return;
		}
		String name = key.getElement(index, Form.ORIGINAL);
		if (depth == 1 && value) {
			this.problems.add(name, "app.dbs." + name, origin,
					"'app.dbs.%s' has a value, but is a group of keys.".formatted(name),
					(KnownKeys.of(DatabaseSettings.class).find(name) != null)
							? "If '%1$s' is a key of a database, indent it below the name of that database: 'app.dbs.<name>.%1$s'."
								.formatted(name)
							: "If the value is the URL of the database, move it to 'app.dbs.%s.url'.".formatted(name));
		}
		this.names.putIfAbsent(name, origin);
	}

	private void validate() {
		Map<String, String> byUniformName = new LinkedHashMap<>();
		this.names.forEach((name, origin) -> {
			if (!isValid(name)) {
				reject(name, origin);
				return;
			}
			if (RESERVED.equals(name)) {
				this.problems.add(name, "app.dbs." + name, origin, "the name is reserved.",
						"Use another name, or 'app.dbs-defaults' if these values are meant for every database.");
			}
			String other = byUniformName.putIfAbsent(NearestName.uniform(name), name);
			if (other != null) {
				this.problems.add(null, "app.dbs." + name, origin,
						"Databases '%s' and '%s' differ in hyphens only, so their beans and environment variables collide."
							.formatted(other, name),
						"Rename one of 'app.dbs.%s' and 'app.dbs.%s', or merge them.".formatted(other, name));
			}
		});
		this.problems.throwIfAny();
	}

	private void reject(String name, @Nullable Origin origin) {
		this.problems.add(name, "app.dbs." + name, origin, "the name is not allowed.",
				"Rename 'app.dbs.%s' to 'app.dbs.%s'. %s".formatted(name, suggest(name), RULE));
	}

	/**
	 * Returns whether a name follows the {@linkplain #RULE rule}.
	 * @param name the name of a database
	 * @return whether the name is allowed
	 */
	public static boolean isValid(String name) {
		return VALID.matcher(name).matches();
	}

	/**
	 * Returns whether a database of a name could be added.
	 * @param name the name of the database
	 * @param all the names of all databases
	 * @return whether a database could be added
	 */
	public static boolean isAvailable(String name, Collection<String> all) {
		return isValid(name) && !RESERVED.equals(name)
				&& all.stream().map(NearestName::uniform).noneMatch(NearestName.uniform(name)::equals);
	}

	/**
	 * Returns the allowed name that is most similar to another name.
	 * @param name the name
	 * @return the allowed name
	 */
	public static String suggest(String name) {
		String suggestion = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9]+", "-")
			.replaceAll("^[0-9-]+|-+$", "");
		return (suggestion.isEmpty() || RESERVED.equals(suggestion)) ? "database" : suggestion;
	}

}
