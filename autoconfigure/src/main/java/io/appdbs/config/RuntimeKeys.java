package io.appdbs.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Keys of a database that have no effect for one that is added while the application
 * runs. They are errors in its settings and in the template. As defaults, they are meant
 * for the other databases.
 *
 * @param sources the sources of the configuration
 * @param problems where problems are reported
 */
record RuntimeKeys(ConfiguredSources sources, ConfigurationProblems problems) {

	private static final Map<String, String> REASONS = reasons();

	private static final List<ConfigurationPropertyName> IGNORED_DEFAULTS = REASONS.keySet()
		.stream()
		.map(ConfiguredSources.DEFAULTS::append)
		.toList();

	static final String MIN_SIZE_ACTION = "Remove it. Idle connections are closed when other databases need them, and the pool would open them again without end.";

	private static Map<String, String> reasons() {
		String beans = "a database that is added at run time has no beans";
		Map<String, String> reasons = new LinkedHashMap<>();
		reasons.put("primary", beans);
		reasons.put("packages", beans);
		reasons.put("jpa", beans);
		reasons.put("encryption", beans);
		reasons.put("cache", beans);
		reasons.put("mongo.reactive", beans);
		String entities = "the entities of a database that is added at run time are not known in advance";
		reasons.put("mongo.indexes", entities);
		reasons.put("mongo.validators", entities);
		reasons.put("sharding", entities);
		reasons.put("enabled", "a database that is not used is not added");
		reasons.put("replicas", "a database that is added at run time has no replicas");
		reasons.put("replica-reads", "a database that is added at run time has no replicas");
		reasons.put("partitions", "a database that is added at run time has no thread that creates partitions");
		reasons.put("backup", "the backups of a database that is added at run time are not observed");
		reasons.put("inspection.interval", "a database that is added at run time is inspected on request only");
		return reasons;
	}

	/**
	 * Returns whether a default must not apply to a database that is added at run time.
	 */
	static boolean isIgnoredDefault(ConfigurationPropertyName name) {
		return IGNORED_DEFAULTS.stream().anyMatch((key) -> key.equals(name) || key.isAncestorOf(name));
	}

	/**
	 * Reports keys in the template.
	 */
	void validateTemplate() {
		validate(ConfiguredSources.TEMPLATE, false);
	}

	/**
	 * Reports values in the template.
	 */
	void validateTemplate(DatabaseSettings template) {
		Integer minSize = template.pool().minSize();
		if (minSize != null && minSize > 0) {
			ConfigurationPropertyName name = ConfiguredSources.TEMPLATE.append("pool.min-size");
			Place place = this.sources.locate(name, false);
			String key = (place != null) ? place.key() : name.toString();
			this.problems.add(null, key, (place != null) ? place.origin() : null, describeMinSize(key, minSize),
					MIN_SIZE_ACTION);
		}
	}

	static String describeMinSize(String key, int minSize) {
		return "'%s' is '%d', but must be 0 for a database that is added at run time.".formatted(key, minSize);
	}

	/**
	 * Reports keys in the settings of a database.
	 */
	void validate(String database) {
		validate(ConfiguredSources.database(database), true);
	}

	private void validate(ConfigurationPropertyName group, boolean own) {
		REASONS.forEach((key, reason) -> {
			ConfigurationPropertyName name = group.append(key);
			Place place = find(name, own);
			if (place != null) {
				report(own, group, place, reason, "Remove it.");
			}
		});
		Place required = this.sources.locate(group.append("required"), own);
		if (required != null && "true".equalsIgnoreCase(required.value().toString().trim())) {
			report(own, group, required, "the application runs without a database that is added at run time",
					"Remove it, and call Database.awaitUp to wait for the database.");
		}
	}

	private @Nullable Place find(ConfigurationPropertyName name, boolean own) {
		Place place = this.sources.locate(name, own);
		List<ConfigurationPropertyName> below = this.sources.keysBelow(name).limit(1).toList();
		return (place != null || below.isEmpty()) ? place : this.sources.locate(below.get(0), own);
	}

	private void report(boolean own, ConfigurationPropertyName group, Place place, String reason, String action) {
		String database = own ? group.getLastElement(ConfigurationPropertyName.Form.ORIGINAL) : null;
		this.problems.add(database, place.key(), place.origin(),
				"'%s' has no effect: %s.".formatted(place.key(), reason), action);
	}

}
