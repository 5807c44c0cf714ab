package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Databases that are added while the application runs.
 *
 * @param template Values for databases that are added at run time, with the keys of a
 * database. They override those of 'app.dbs-defaults'.
 * @param maxDatabases Maximum number of databases that have been added at run time.
 * @param maxConnections Maximum number of connections of all databases together that have
 * been added at run time.
 * @param maxConnecting Maximum number of connections that are opened, and of databases
 * that are probed, at the same time.
 * @param migrationThreads Number of threads that connect to added databases and migrate
 * them.
 * @param idleAfter Time without a borrow after which a database is not probed until the
 * next borrow.
 * @param maxMeters Maximum number of databases with separate meters. If there are more,
 * the meters have only totals.
 */
@ConfigurationProperties("app.dbs-runtime")
public record RuntimeSettings(@DefaultValue @NestedConfigurationProperty @Nullable DatabaseSettings template,
		@DefaultValue("" + RuntimeSettings.MAX_DATABASES) int maxDatabases,
		@DefaultValue("" + RuntimeSettings.MAX_CONNECTIONS) int maxConnections,
		@DefaultValue("" + RuntimeSettings.MAX_CONNECTING) int maxConnecting,
		@DefaultValue("" + RuntimeSettings.MIGRATION_THREADS) int migrationThreads,
		@DefaultValue("10m") Duration idleAfter, @DefaultValue("" + RuntimeSettings.MAX_METERS) int maxMeters) {

	private static final int MAX_DATABASES = 2000;

	private static final int MAX_CONNECTIONS = 100;

	private static final int MAX_CONNECTING = 10;

	private static final int MIGRATION_THREADS = 4;

	private static final int MAX_METERS = 100;

	/**
	 * The defaults, without the template, which is not bound as a whole.
	 */
	public static final RuntimeSettings DEFAULTS = new RuntimeSettings(null, MAX_DATABASES, MAX_CONNECTIONS,
			MAX_CONNECTING, MIGRATION_THREADS, Duration.ofMinutes(10), MAX_METERS);

}
