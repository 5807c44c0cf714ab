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
 * @param database Target database, as a constant of Spring's 'Database' enum. By default,
 * Hibernate derives it from the server.
 * @param databasePlatform Dialect of Hibernate, as a class name. By default, Hibernate
 * derives it from the server.
 * @param ddlAuto DDL mode of Hibernate. By default 'none', or 'create-drop' if the
 * database is embedded and temporary, and has no migrations.
 * @param generateDdl Whether to initialize the schema at the start. By default, the value
 * of 'spring.jpa.generate-ddl'.
 * @param showSql Whether to log SQL statements. By default, the value of
 * 'spring.jpa.show-sql'.
 * @param openInView Whether to bind an EntityManager to the thread for the entire
 * processing of a web request. By default, the value of 'spring.jpa.open-in-view',
 * otherwise false.
 * @param mappingResources Mapping resources, as 'mapping-file' entries in
 * 'persistence.xml'.
 * @param naming Naming strategies.
 * @param properties Additional native properties of the JPA provider. Those below
 * 'spring.jpa.properties' apply in addition.
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
