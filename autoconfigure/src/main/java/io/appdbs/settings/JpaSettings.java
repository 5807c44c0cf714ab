package io.appdbs.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The persistence unit of a database. A value that is not set is the one below
 * {@code spring.jpa} or {@code spring.jpa.hibernate}.
 *
 * @param database Target database, as a name of Spring's 'Database' enum. By default the
 * engine decides.
 * @param databasePlatform Dialect of Hibernate. By default that of the engine.
 * @param ddlAuto DDL mode, such as 'validate'. By default 'none', but 'create-drop' if
 * the database is embedded and temporary, and has no migrations.
 * @param generateDdl Whether to initialize the schema at the start.
 * @param showSql Whether SQL statements are logged.
 * @param openInView Whether an EntityManager is bound to the thread for the entire
 * processing of a web request. False by default.
 * @param mappingResources Mapping resources, as 'mapping-file' entries in
 * 'persistence.xml'.
 * @param naming Naming strategies.
 * @param properties Additional native properties to set on the JPA provider.
 */
public record JpaSettings(@Nullable String database, @Nullable String databasePlatform, @Nullable String ddlAuto,
		@Nullable Boolean generateDdl, @Nullable Boolean showSql, @Nullable Boolean openInView,
		@DefaultValue List<String> mappingResources,
		@DefaultValue @NestedConfigurationProperty JpaNamingSettings naming,
		@DefaultValue Map<String, String> properties) {

	public JpaSettings {
		mappingResources = List.copyOf(mappingResources);
		properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
	}

	/**
	 * Returns the settings of a database without any key below {@code jpa}.
	 * @return the settings
	 */
	public static JpaSettings none() {
		return new JpaSettings(null, null, null, null, null, null, List.of(), new JpaNamingSettings(null, null),
				Map.of());
	}

}
