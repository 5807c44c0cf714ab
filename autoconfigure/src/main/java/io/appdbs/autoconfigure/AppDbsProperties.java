package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;

import io.appdbs.engine.DatabaseSettings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The shape of the configuration, from which its metadata is generated and which tools
 * follow below {@code app.dbs.<name>}. Bound by {@link DatabaseSettingsBinder} and not as
 * a whole, since a database takes what it lacks from the defaults.
 *
 * @param dbs Databases by name. A name begins with a lower-case letter, followed by
 * lower-case letters, digits and hyphens, and is the qualifier of the database's beans.
 * @param dbsDefaults Values for every database that does not set its own.
 * @param dbsOnly Names of the databases to use, as in a test that needs one of many. All
 * by default.
 */
@ConfigurationProperties("app")
record AppDbsProperties(Map<String, DatabaseSettings> dbs, @NestedConfigurationProperty DatabaseSettings dbsDefaults,
		List<String> dbsOnly) {

}
