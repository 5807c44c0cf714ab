package io.appdbs.autoconfigure.diagnostics;

import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import org.jspecify.annotations.Nullable;

/**
 * The section of the page on troubleshooting for each key.
 */
final class ConfigurationSections {

	private static final Map<String, TroubleshootingSection> OF_DATABASE = new LinkedHashMap<>();

	static {
		add(TroubleshootingSection.NAME, "", "enabled", "primary");
		add(TroubleshootingSection.URL, "url", "engine", "create-database");
		add(TroubleshootingSection.CREDENTIALS, "username", "password", "credentials");
		add(TroubleshootingSection.TLS, "ssl");
		add(TroubleshootingSection.POOL_SETTING, "pool", "hikari", "statement-timeout", "lock-timeout",
				"idle-in-transaction-timeout", "retry", "startup.timeout", "health", "required", "read-only");
		add(TroubleshootingSection.MIGRATION_SETTING, "flyway", "liquibase", "sql-init", "mongo.migrations");
		add(TroubleshootingSection.PERSISTENCE_SETTING, "packages", "jpa", "mongo.reactive", "mongo");
		add(TroubleshootingSection.SCHEMA_SETTING, "startup", "mongo.indexes", "mongo.validators", "sharding",
				"partitions");
		add(TroubleshootingSection.SECURITY_SETTING, "rls", "privileges", "audit", "encryption");
		add(TroubleshootingSection.REPLICA_SETTING, "replicas", "replica-reads");
		add(TroubleshootingSection.OPERATION_SETTING, "inspection", "maintenance", "backup", "cache", "query-log",
				"query-log-parameters", "query-log-masked", "slow-query-threshold", "slow-query-plan");
	}

	private static final Map<String, TroubleshootingSection> OF_OTHERS = Map.of("app.dbs", TroubleshootingSection.NAME,
			"app.dbs-include", TroubleshootingSection.NAME, "app.dbs-routes", TroubleshootingSection.ROUTE,
			"app.dbs-runtime", TroubleshootingSection.RUNTIME_SETTING, "spring.data.mongodb",
			TroubleshootingSection.SCHEMA_SETTING, "spring.jooq", TroubleshootingSection.PERSISTENCE_SETTING,
			"spring.jpa", TroubleshootingSection.PERSISTENCE_SETTING);

	private ConfigurationSections() {
	}

	private static void add(TroubleshootingSection section, String... keys) {
		for (String key : keys) {
			OF_DATABASE.put(key, section);
		}
	}

	/**
	 * Returns the section of a failure.
	 * @param failure the failure
	 * @return its own section or that of its key; without a key it is about a bean
	 */
	static TroubleshootingSection find(InvalidDatabaseConfigurationException failure) {
		TroubleshootingSection own = failure.getSection();
		if (own != null) {
			return own;
		}
		String key = failure.getKey();
		return (key != null) ? find(key) : TroubleshootingSection.BEAN;
	}

	static TroubleshootingSection find(String key) {
		TroubleshootingSection section = find(OF_OTHERS, key);
		String ofDatabase = key.replaceFirst("^app\\.(dbs\\.[^.]+|dbs-defaults|dbs-runtime\\.template)(\\.|$)", "");
		if (!ofDatabase.equals(key)) {
			section = find(OF_DATABASE, ofDatabase);
		}
		return (section != null) ? section : TroubleshootingSection.UNKNOWN_KEY;
	}

	/**
	 * Finds the entry of the longest part of a key.
	 */
	private static @Nullable TroubleshootingSection find(Map<String, TroubleshootingSection> sections, String key) {
		String part = key.replaceAll("\\[.*", "");
		while (!sections.containsKey(part) && part.contains(".")) {
			part = part.substring(0, part.lastIndexOf('.'));
		}
		return sections.get(part);
	}

}
