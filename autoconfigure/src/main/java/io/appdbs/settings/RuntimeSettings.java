package io.appdbs.settings;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Databases that are added while the application runs.
 *
 * @param template Values for databases that are added at run time, with the keys of a
 * database. They override those of 'app.dbs-defaults'.
 * @param maxDatabases Maximum number of databases that have been added at run time.
 * @param maxConnections Maximum number of connections of all databases that have been
 * added at run time together.
 * @param maxConnecting Maximum number of connections that are opened, and of databases
 * that are probed, at the same time.
 * @param migrationThreads Number of threads that connect to added databases and migrate
 * them.
 * @param idleAfter Time without a borrow after which a database is not probed until the
 * next one.
 * @param maxMeters Number of databases up to which each one has meters. Above it, there
 * are only sums.
 */
@ConfigurationProperties("app.dbs-runtime")
public record RuntimeSettings(@DefaultValue @NestedConfigurationProperty DatabaseSettings template,
		@DefaultValue("2000") int maxDatabases, @DefaultValue("100") int maxConnections,
		@DefaultValue("10") int maxConnecting, @DefaultValue("4") int migrationThreads,
		@DefaultValue("10m") Duration idleAfter, @DefaultValue("100") int maxMeters) {

}
