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
 * Exposes the keys of {@code app.dbs-defaults} in another source as keys of a database.
 * Placed after all other sources, it supplies the values that the database does not set.
 *
 * @param source the source with the defaults
 * @param database the name below which the keys appear
 */
record DefaultsConfigurationPropertySource(ConfigurationPropertySource source,
		ConfigurationPropertyName database) implements IterableConfigurationPropertySource {

	static List<ConfigurationPropertySource> appendedTo(List<ConfigurationPropertySource> sources, String database) {
		Stream<ConfigurationPropertySource> defaults = sources.stream()
			.map((source) -> new DefaultsConfigurationPropertySource(source, ConfiguredSources.database(database)));
		return Stream.concat(sources.stream(), defaults).toList();
	}

	@Override
	public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
		if (name == null || !this.database.isAncestorOf(name)) {
			return null;
		}
		ConfigurationProperty property = this.source
			.getConfigurationProperty(move(name, this.database, ConfiguredSources.DEFAULTS));
		return (property != null) ? new ConfigurationProperty(name, property.getValue(), property.getOrigin()) : null;
	}

	@Override
	public Stream<ConfigurationPropertyName> stream() {
		if (!(this.source instanceof IterableConfigurationPropertySource iterable)) {
			return Stream.empty();
		}
		return iterable.stream()
			.filter(ConfiguredSources.DEFAULTS::isAncestorOf)
			.map((name) -> move(name, ConfiguredSources.DEFAULTS, this.database));
	}

	@Override
	public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
		if (name.equals(this.database) || name.isAncestorOf(this.database)) {
			return this.source.containsDescendantOf(ConfiguredSources.DEFAULTS);
		}
		if (!this.database.isAncestorOf(name)) {
			return ConfigurationPropertyState.ABSENT;
		}
		return this.source.containsDescendantOf(move(name, this.database, ConfiguredSources.DEFAULTS));
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
