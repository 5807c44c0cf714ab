package io.appdbs.container;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.PlaceholderResolutionException;

/**
 * What is configured below {@code app.dbs}, whatever containers say.
 *
 * @param environment the environment
 * @param containers the name of the property source that is not looked at
 */
record ConfiguredDatabases(ConfigurableEnvironment environment, String containers) {

	private static final ConfigurationPropertyName DATABASES = ConfigurationPropertyName.of("app.dbs");

	/**
	 * Return the names that are configured. Variables of the environment never make one.
	 * @return the names
	 */
	Set<String> names() {
		Set<String> names = new LinkedHashSet<>();
		sources().filter((source) -> !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource))
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.flatMap((source) -> ((IterableConfigurationPropertySource) source).stream())
			.filter(DATABASES::isAncestorOf)
			.forEach((key) -> names.add(key.getElement(DATABASES.getNumberOfElements(), Form.ORIGINAL)));
		return names;
	}

	/**
	 * Find a value. A placeholder that cannot be resolved stays; with one that leads back
	 * to itself there is no value.
	 * @param key the full key
	 * @return the value or {@code null} if there is none
	 */
	@Nullable String find(String key) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
		ConfigurationProperty property = sources().map((source) -> source.getConfigurationProperty(name))
			.filter((each) -> each != null)
			.findFirst()
			.orElse(null);
		try {
			return (property != null) ? this.environment.resolvePlaceholders(property.getValue().toString()) : null;
		}
		catch (PlaceholderResolutionException ex) {
			// reported when the database is bound
			return null;
		}
	}

	private Stream<ConfigurationPropertySource> sources() {
		return StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.filter((source) -> !(source.getUnderlyingSource() instanceof PropertySource<?> underlying
					&& this.containers.equals(underlying.getName())));
	}

}
