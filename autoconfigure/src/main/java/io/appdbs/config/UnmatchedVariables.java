package io.appdbs.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.RouteSettings;
import io.appdbs.settings.RuntimeSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.SystemEnvironmentOrigin;

/**
 * Environment variables that begin like a key of a database but do not match one. Such a
 * variable may have another purpose, so it is not an error.
 *
 * @param sources the sources of the configuration
 * @param names the names of the databases
 */
public record UnmatchedVariables(ConfiguredSources sources, List<String> names) {

	private static final Log logger = LogFactory.getLog(DatabaseNames.class);

	private static final Pattern URL = Pattern.compile("APP_DBS_([A-Z][A-Z0-9_]*)_URL");

	/** Maximum number of wrong characters in a variable. */
	private static final int LIMIT = 2;

	public void warn() {
		Set<String> known = new LinkedHashSet<>();
		find(known).forEach((variable) -> warn(variable, known));
	}

	/**
	 * Returns the names of the variables.
	 * @return the names of the variables
	 */
	public List<String> getNames() {
		return find(new LinkedHashSet<>()).stream().map(Variable::name).toList();
	}

	private List<Variable> find(Set<String> scalars) {
		List<Variable> variables = this.sources.systemEnvironments().flatMap(this::variables).toList();
		if (variables.isEmpty()) {
			return variables;
		}
		List<String> maps = new ArrayList<>();
		addList(ConfiguredSources.INCLUDE, scalars, maps);
		addList(DeprecatedKeys.ONLY, scalars, maps);
		Stream.concat(this.names.stream().map(ConfiguredSources::database), Stream.of(ConfiguredSources.DEFAULTS))
			.forEach((prefix) -> collect(prefix, DatabaseSettings.class, scalars, maps));
		RouteSettingsBinder.getNames(this.sources)
			.forEach((route) -> collect(ConfiguredSources.ROUTES.append(route), RouteSettings.class, scalars, maps));
		collect(ConfiguredSources.RUNTIME, RuntimeSettings.class, scalars, maps);
		HikariKeys hikari = HikariKeys.load(null);
		Set<String> found = new HashSet<>();
		return variables.stream()
			.filter((variable) -> !scalars.contains(variable.key)
					&& maps.stream().noneMatch((map) -> isEntry(variable.key, map, hikari)))
			.filter((variable) -> found.add(variable.name))
			.toList();
	}

	private void warn(Variable variable, Collection<String> known) {
		String nearest = NearestName.find(variable.key, known, LIMIT);
		logger.warn("Environment variable %s is ignored: it does not match a key of a database.%s Known databases: %s."
			.formatted(variable.name,
					(nearest != null) ? " Did you mean %s?".formatted(nearest) : declare(variable.name),
					this.names.isEmpty() ? "none" : String.join(", ", this.names)));
	}

	private static String declare(String variable) {
		Matcher url = URL.matcher(variable);
		return url.matches()
				? " A variable does not declare a database. To declare one, write '%s=${%s}' in application.properties."
					.formatted(
							ConfiguredSources.DATABASES.append(url.group(1).toLowerCase(Locale.ROOT).replace('_', '-'))
								.append("url"),
							variable)
				: "";
	}

	private static boolean isEntry(String key, String map, @Nullable HikariKeys hikari) {
		if (!key.startsWith(map)) {
			return false;
		}
		String property = key.substring(map.length()).toLowerCase(Locale.ROOT).replace('_', '.');
		return hikari == null || !map.endsWith("_HIKARI_") || hikari.find(property) != null;
	}

	private Stream<Variable> variables(IterableConfigurationPropertySource source) {
		return source.stream().filter(UnmatchedVariables::isConcerned).map((key) -> variable(source, key));
	}

	/**
	 * The names of the longer groups belong to AppDBs even if they are misspelt.
	 */
	private static boolean isConcerned(ConfigurationPropertyName key) {
		return ConfiguredSources.DATABASES.isAncestorOf(key) || ConfiguredSources.DEFAULTS.isAncestorOf(key)
				|| ConfiguredSources.RUNTIME.isAncestorOf(key) || MisspelledGroups.isLongGroup(key);
	}

	private Variable variable(IterableConfigurationPropertySource source, ConfigurationPropertyName key) {
		String upper = IntStream.range(0, key.getNumberOfElements())
			.mapToObj((i) -> key.getElement(i, Form.UNIFORM).toUpperCase(Locale.ROOT))
			.collect(Collectors.joining("_"));
		ConfigurationProperty property = source.getConfigurationProperty(key);
		return (property != null && property.getOrigin() instanceof SystemEnvironmentOrigin origin)
				? new Variable(upper, origin.getProperty()) : new Variable(upper, upper);
	}

	private void collect(ConfigurationPropertyName prefix, Class<?> type, Set<String> scalars, List<String> maps) {
		KnownKeys known = KnownKeys.of(type);
		known.formerNames().values().forEach((former) -> addScalar(prefix.append(former), scalars));
		known.types().forEach((key, keyType) -> {
			ConfigurationPropertyName name = prefix.append(key);
			if (keyType.isRecord()) {
				collect(name, keyType, scalars, maps);
			}
			else if (Map.class.isAssignableFrom(keyType)) {
				maps.add(variable(name, "") + "_");
			}
			else {
				addScalar(name, scalars);
				if (keyType == List.class) {
					addList(name, scalars, maps);
				}
			}
		});
	}

	private static void addScalar(ConfigurationPropertyName name, Set<String> scalars) {
		scalars.add(variable(name, ""));
		scalars.add(variable(name, "_"));
	}

	private static void addList(ConfigurationPropertyName name, Set<String> scalars, List<String> maps) {
		addScalar(name, scalars);
		// followed by an index
		maps.add(variable(name, "") + "_");
		maps.add(variable(name, "_") + "_");
	}

	private static String variable(ConfigurationPropertyName name, String hyphen) {
		return name.toString().toUpperCase(Locale.ROOT).replace("-", hyphen).replace('.', '_');
	}

	/**
	 * An environment variable.
	 *
	 * @param key the key that Spring Boot derives from it, in the form of a variable
	 * @param name the name
	 */
	private record Variable(String key, String name) {

	}

}
