package io.appdbs.config;

import java.util.List;
import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Exposes the keys of a group with defaults in another source as keys of a database.
 * Placed after all other sources, it supplies the values that the database does not set.
 *
 * @param source the source with the defaults
 * @param database the name below which the keys appear
 * @param defaults the group with the defaults
 */
record DefaultsConfigurationPropertySource(ConfigurationPropertySource source, ConfigurationPropertyName database,
		ConfigurationPropertyName defaults) implements IterableConfigurationPropertySource {

	static List<ConfigurationPropertySource> appendedTo(List<ConfigurationPropertySource> sources, String database,
			List<ConfigurationPropertyName> groups) {
		Stream<ConfigurationPropertySource> defaults = groups.stream()
			.flatMap((group) -> sources.stream()
				.map((source) -> new DefaultsConfigurationPropertySource(source, ConfiguredSources.database(database),
						group)));
		return Stream.concat(sources.stream(), defaults).toList();
	}

	@Override
	public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
		if (name == null || !this.database.isAncestorOf(name)) {
			return null;
		}
		ConfigurationProperty property = this.source.getConfigurationProperty(move(name, this.database, this.defaults));
		return (property != null) ? new ConfigurationProperty(name, property.getValue(), property.getOrigin()) : null;
	}

	@Override
	public Stream<ConfigurationPropertyName> stream() {
		if (!(this.source instanceof IterableConfigurationPropertySource iterable)) {
			return Stream.empty();
		}
		return iterable.stream()
			.filter(this.defaults::isAncestorOf)
			.map((name) -> move(name, this.defaults, this.database));
	}

	@Override
	public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
		if (name.equals(this.database) || name.isAncestorOf(this.database)) {
			return this.source.containsDescendantOf(this.defaults);
		}
		if (!this.database.isAncestorOf(name)) {
			return ConfigurationPropertyState.ABSENT;
		}
		return this.source.containsDescendantOf(move(name, this.database, this.defaults));
	}

	@Override
	public @Nullable Object getUnderlyingSource() {
		return this.source.getUnderlyingSource();
	}

	private static ConfigurationPropertyName move(ConfigurationPropertyName name, ConfigurationPropertyName from,
			ConfigurationPropertyName to) {
		return ConfiguredSources.append(to, name, from.getNumberOfElements());
	}

}
