package io.appdbs.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.ConfiguredSources.Place;
import io.appdbs.engine.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyNameAliases;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Binds the databases: a database's own values first, whatever source they are in, then
 * the defaults.
 */
final class DatabaseSettingsBinder {

	private final Environment environment;

	private final ConfiguredSources sources;

	private final @Nullable HikariKeys hikari;

	private final ConfigurationProblems problems;

	private DatabaseSettingsBinder(Environment environment, ConfiguredSources sources, @Nullable HikariKeys hikari,
			ConfigurationProblems problems) {
		this.environment = environment;
		this.sources = sources;
		this.hikari = hikari;
		this.problems = problems;
	}

	/**
	 * Bind and examine every database. Values are read now, not earlier.
	 * @param environment the environment
	 * @param names the names, as of {@link DatabaseNames#get(Environment)}
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the databases by name, in the order of the names
	 * @throws InvalidDatabaseConfigurationException if anything is wrong; it tells all
	 * that was found
	 */
	static Map<String, DatabaseSettings> bind(Environment environment, List<String> names,
			@Nullable ClassLoader classLoader) {
		ConfiguredSources sources = ConfiguredSources.of(environment);
		ConfigurationProblems problems = new ConfigurationProblems();
		HikariKeys hikari = HikariKeys.load(classLoader);
		new KeyValidator(sources, hikari, problems).validate(names);
		DatabaseSettingsBinder binder = new DatabaseSettingsBinder(environment, sources, hikari, problems);
		Map<String, DatabaseSettings> bound = new LinkedHashMap<>();
		for (String name : names) {
			DatabaseSettings settings = binder.bind(name);
			if (settings != null && !problems.concern(name)) {
				bound.put(name, settings);
			}
		}
		problems.throwIfAny();
		return bound;
	}

	private @Nullable DatabaseSettings bind(String name) {
		List<ConfigurationPropertySource> aliased = this.sources.all()
			.stream()
			.map((source) -> source.withAliases(aliases(name)))
			.toList();
		Binder binder = new Binder(DefaultsConfigurationPropertySource.appendedTo(aliased, name), placeholders());
		try {
			DatabaseSettings settings = binder.bindOrCreate(ConfiguredSources.database(name),
					Bindable.of(DatabaseSettings.class), new GroupBindHandler());
			return (this.hikari != null) ? withHikari(settings, this.hikari.normalize(settings.hikari())) : settings;
		}
		catch (BindException ex) {
			report(name, ex);
			return null;
		}
	}

	private PlaceholdersResolver placeholders() {
		return (value) -> (value instanceof String text) ? this.environment.resolveRequiredPlaceholders(text) : value;
	}

	/**
	 * A property of HikariCP that is the same as a key of the pool is read as that key.
	 */
	private static ConfigurationPropertyNameAliases aliases(String name) {
		ConfigurationPropertyNameAliases aliases = new ConfigurationPropertyNameAliases();
		for (ConfigurationPropertyName prefix : List.of(ConfiguredSources.database(name), ConfiguredSources.DEFAULTS)) {
			HikariKeys.SAME_AS_POOL.forEach(
					(property, key) -> aliases.addAliases(prefix.append("hikari." + property), prefix.append(key)));
		}
		return aliases;
	}

	private static DatabaseSettings withHikari(DatabaseSettings settings, Map<String, String> hikari) {
		return new DatabaseSettings(settings.url(), settings.engine(), settings.username(), settings.password(),
				settings.primary(), settings.readOnly(), settings.statementTimeout(), settings.pool(), hikari);
	}

	private void report(String name, BindException ex) {
		ConfigurationPropertyName prefix = ConfiguredSources.database(name);
		String key = ex.getName().subName(prefix.getNumberOfElements()).toString();
		Place place = this.sources.locate(name, key);
		String written = (place != null) ? place.key() : ex.getName().toString();
		String database = (place == null || place.own()) ? name : null;
		PlaceholderResolutionException unresolved = find(PlaceholderResolutionException.class, ex);
		if (unresolved != null) {
			String placeholder = unresolved.getPlaceholder();
			// The cause repeats the value, which may be a URL with a password.
			this.problems.add(database, written, ex.getOrigin(),
					"'%s' refers to '${%s}', which cannot be resolved.".formatted(written, placeholder),
					"Set the environment variable or property '%s', or write a default: '${%s:...}'."
						.formatted(placeholder, placeholder));
			return;
		}
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(ex.getTarget().getType().resolve(Object.class));
		ConversionFailedException failure = find(ConversionFailedException.class, ex);
		Object value = (failure != null) ? failure.getValue() : null;
		this.problems.add(database, written, ex.getOrigin(),
				"'%s' is '%s', which is not %s.".formatted(written, value, description(type)), example(type), failure);
	}

	private static <T extends Throwable> @Nullable T find(Class<T> type, Throwable ex) {
		for (Throwable current = ex; current != null; current = current.getCause()) {
			if (type.isInstance(current)) {
				return type.cast(current);
			}
		}
		return null;
	}

	private static String description(Class<?> type) {
		if (type == Duration.class) {
			return "a duration";
		}
		if (type == Boolean.class) {
			return "true or false";
		}
		return (type == Integer.class) ? "a whole number" : "a " + type.getSimpleName();
	}

	private static String example(Class<?> type) {
		if (type == Duration.class) {
			return "Write for example 500ms, 30s or 5m.";
		}
		if (type == Boolean.class) {
			return "Write true or false.";
		}
		return (type == Integer.class) ? "Write for example 10." : "Correct the value.";
	}

	/**
	 * Keeps a variable such as {@code APP_DBS_ORDERS_POOL}, which is a value where a
	 * group belongs, from being converted to the group.
	 */
	private static final class GroupBindHandler implements BindHandler {

		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			return target.getType().resolve(Object.class).isRecord()
					? target.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY) : target;
		}

	}

}
