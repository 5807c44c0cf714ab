package io.appdbs.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.engine.Causes;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertyNameAliases;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Binds the settings of one database. Its own values, from any source, override the
 * defaults. Continues after an invalid value.
 *
 * @param environment the environment of the application
 * @param sources the sources of the configuration
 * @param database the database
 * @param problems where problems are reported
 */
record SettingsBinding(Environment environment, ConfiguredSources sources, String database,
		ConfigurationProblems problems) {

	/**
	 * Binds the settings.
	 * @param pooledByHikari whether properties of HikariCP apply
	 * @return the settings, without those that could not be read
	 */
	DatabaseSettings bind(boolean pooledByHikari) {
		ConfigurationPropertyNameAliases aliases = aliases(pooledByHikari);
		List<ConfigurationPropertySource> sources = this.sources.all()
			.stream()
			.map((source) -> source.withAliases(aliases))
			.toList();
		Binder binder = new Binder(
				DefaultsConfigurationPropertySource.appendedTo(sources, this.database, this.sources.defaults()),
				placeholders(this.environment));
		return binder.bindOrCreate(ConfiguredSources.database(this.database), Bindable.of(DatabaseSettings.class),
				new ReportingBindHandler());
	}

	/**
	 * Returns the resolver of placeholders in values. All placeholders must be known.
	 */
	static PlaceholdersResolver placeholders(Environment environment) {
		return (value) -> (value instanceof String text) ? environment.resolveRequiredPlaceholders(text) : value;
	}

	/**
	 * Returns aliases for deprecated keys, and for properties of HikariCP that are the
	 * same as a key of the pool.
	 */
	private ConfigurationPropertyNameAliases aliases(boolean pooledByHikari) {
		ConfigurationPropertyNameAliases aliases = new ConfigurationPropertyNameAliases();
		for (ConfigurationPropertyName prefix : this.sources.groups(this.database)) {
			DeprecatedKeys.addAliases(prefix, aliases);
			if (pooledByHikari) {
				HikariKeys.SAME_AS_POOL.forEach(
						(property, key) -> aliases.addAliases(prefix.append("hikari." + property), prefix.append(key)));
			}
		}
		return aliases;
	}

	private void report(ConfigurationPropertyName name, Class<?> type, Exception error) {
		UnresolvedPlaceholder unresolved = UnresolvedPlaceholder.find(error);
		Place place = locate(name, (unresolved != null) ? unresolved.placeholder() : null);
		String database = place.own() ? this.database : null;
		if (unresolved != null) {
			String value = place.value().toString();
			this.problems
				.add(database, place.key(), place.origin(), unresolved.describe(place.key(), value),
						unresolved.getAction(place.key(), value))
				.in(TroubleshootingSection.PLACEHOLDER);
			return;
		}
		if (Map.class.isAssignableFrom(type)) {
			this.problems.add(database, place.key(), place.origin(), KeyValidator.GROUP_MESSAGE.formatted(place.key()),
					KeyValidator.GROUP_ACTION.formatted(place.key()));
			return;
		}
		// the innermost one has the wrong entry of a list
		ConversionFailedException failure = Causes.of(error)
			.filter(ConversionFailedException.class::isInstance)
			.map(ConversionFailedException.class::cast)
			.reduce((outer, inner) -> inner)
			.orElse(null);
		Object value = (failure != null && failure.getValue() != null) ? failure.getValue() : place.value();
		ValueType expected = ValueType.of(type);
		this.problems.add(database, place.key(), place.origin(),
				"'%s' is '%s', which is %s.".formatted(place.key(), value, expected.description()), expected.example(),
				failure);
	}

	/**
	 * Reports entries of a list that are not read because they are maps, or entries
	 * before them are missing.
	 */
	private void reportUnbound(ConfigurationPropertyName list, boolean groups,
			UnboundConfigurationPropertiesException error) {
		ConfigurationPropertyName name = error.getUnboundProperties().iterator().next().getName();
		Place place = locate(name, null);
		if (!groups && name.getNumberOfElements() > list.getNumberOfElements() + 1) {
			this.problems.add(place.own() ? this.database : null, place.key(), place.origin(),
					"'%s' is a key, but the entries of this list are texts.".formatted(place.key()),
					"Write the entry as one text. In YAML, a text with a colon and a space needs quotes: \"purchase.amount: number\".");
			return;
		}
		this.problems.add(place.own() ? this.database : null, place.key(), place.origin(),
				"'%s' is in a list whose entries before it are missing.".formatted(place.key()),
				"Number the entries from [0] without a gap, all in one place: a list in the environment replaces that of a file as a whole.");
	}

	private Place locate(ConfigurationPropertyName name, @Nullable String placeholder) {
		ConfigurationPropertyName key = ConfiguredSources.append(ConfigurationPropertyName.EMPTY, name,
				ConfiguredSources.database(this.database).getNumberOfElements());
		Place place = this.sources.locate(this.database, key);
		if (place == null && placeholder != null) {
			// A map is bound as a whole, so the error does not have the entry.
			place = this.sources.locateReference(this.database, key, placeholder);
		}
		return (place != null) ? place : new Place(name.toString(), true, "", null);
	}

	/**
	 * Description of the type of a value.
	 *
	 * @param description the end of a sentence
	 * @param example a sentence
	 */
	record ValueType(String description, String example) {

		static ValueType of(Class<?> type) {
			Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
			if (boxed == Duration.class) {
				return new ValueType("not a duration", "Write for example 500ms, 30s or 5m.");
			}
			if (boxed == Boolean.class) {
				return new ValueType("neither true nor false", "Write true or false.");
			}
			if (boxed == Integer.class || boxed == Long.class) {
				return new ValueType("not a whole number", "Write a whole number, for example 10.");
			}
			if (boxed.isEnum()) {
				String values = Arrays.stream(boxed.getEnumConstants())
					.map((value) -> value.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
					.collect(Collectors.joining(", "));
				return new ValueType("not one of " + values, "Write one of them.");
			}
			return new ValueType("not of type " + boxed.getSimpleName(), "Correct the value.");
		}

	}

	private final class ReportingBindHandler implements BindHandler {

		private final Set<ConfigurationPropertyName> failed = new HashSet<>();

		/**
		 * An environment variable such as {@code APP_DBS_ORDERS_POOL}, which has the name
		 * of a group, is not converted to the group.
		 */
		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			return target.getType().resolve(Object.class).isRecord()
					? target.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY) : target;
		}

		@Override
		public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Exception error) {
			Class<?> entry = target.getType().getGeneric().resolve(Object.class);
			boolean groups = entry.isRecord();
			UnboundConfigurationPropertiesException unbound = Causes.find(UnboundConfigurationPropertiesException.class,
					error);
			if (unbound != null) {
				// a failed element also ends its list, and so does an entry that has only
				// keys which are rejected elsewhere
				if (this.failed.stream().noneMatch(name::isAncestorOf) && !(groups && unbound.getUnboundProperties()
					.stream()
					.anyMatch((it) -> isRejected(it.getName(), name.getNumberOfElements() + 1, entry)))) {
					reportUnbound(name, groups, unbound);
				}
			}
			// the key of a list of groups is rejected elsewhere
			else if (!groups) {
				Class<?> type = target.getType().resolve(Object.class);
				report(name, Collection.class.isAssignableFrom(type) ? entry : type, error);
			}
			this.failed.add(name);
			return null;
		}

		/**
		 * Returns whether a key of an entry of a list is unknown, or a value in place of
		 * the entry.
		 */
		private boolean isRejected(ConfigurationPropertyName key, int index, Class<?> entry) {
			return index >= key.getNumberOfElements()
					|| KnownKeys.of(entry).find(key.getElement(index, Form.ORIGINAL)) == null;
		}

	}

}
