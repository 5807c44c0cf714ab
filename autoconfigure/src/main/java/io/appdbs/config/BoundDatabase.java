package io.appdbs.config;

import java.util.List;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * A database whose configuration has been found to be right.
 *
 * @param name the name
 * @param settings the settings; user and password are those to connect with, whether they
 * were keys of their own or part of the URL
 * @param engine the engine that was declared, by {@code engine} or by the URL
 * @param target what the driver is given, or {@code null} for an embedded server, which
 * has no address before it runs
 * @param replicas where the replicas are, in the order of the settings
 * @param keys finds where its settings are written
 */
public record BoundDatabase(String name, DatabaseSettings settings, Engine engine,
		@Nullable DatabaseConnectionDetails target, List<BoundReplica> replicas, SettingKeys keys) {

	/**
	 * A replica of a database.
	 *
	 * @param name the name, its own as that of a database
	 * @param settings the settings
	 * @param target what the driver is given
	 * @param ownPassword whether the replica has a password of its own, and not that of
	 * the database
	 * @param keys finds where its settings are written
	 */
	public record BoundReplica(String name, DatabaseSettings settings, DatabaseConnectionDetails target,
			boolean ownPassword, SettingKeys keys) {

	}

}
