package io.appdbs.settings;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.appdbs.engine.ConnectionDetailsSupplier;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a database or of a replica, before it is opened. Its configuration has
 * been validated.
 *
 * @param name the name as written below {@code app.dbs}
 * @param settings the settings, defaults filled in; username and password are those to
 * connect with, whether the URL or separate keys have them
 * @param engine the engine that the URL or the settings name
 * @param connectionDetails supplies where to connect to; for an embedded server this
 * starts the server, so call it once and on the database's own thread
 * @param replicaOf the name of the database that this is a replica of, or {@code null} if
 * it is not a replica
 * @param keys finds the full key of a setting, see {@link #key(String)}
 * @param admission admits the connections of a relational database or {@code null} if
 * they share no limit with those of other databases
 */
public record DatabaseDefinition(String name, DatabaseSettings settings, Engine engine,
		ConnectionDetailsSupplier connectionDetails, @Nullable String replicaOf, UnaryOperator<String> keys,
		@Nullable ConnectionAdmission admission) {

	/**
	 * Define a database whose connections share no limit with those of other databases.
	 * @param name the name as written below {@code app.dbs}
	 * @param settings the settings, defaults filled in
	 * @param engine the engine that the URL or the settings name
	 * @param connectionDetails supplies where to connect to
	 * @param replicaOf the name of the database that this is a replica of, or
	 * {@code null} if it is not a replica
	 * @param keys finds the full key of a setting
	 */
	public DatabaseDefinition(String name, DatabaseSettings settings, Engine engine,
			ConnectionDetailsSupplier connectionDetails, @Nullable String replicaOf, UnaryOperator<String> keys) {
		this(name, settings, engine, connectionDetails, replicaOf, keys, null);
	}

	/**
	 * Define a database that is no replica and has its settings below its own name.
	 * @param name the name as written below {@code app.dbs}
	 * @param settings the settings, defaults filled in
	 * @param engine the engine that the URL or the settings name
	 * @param connectionDetails supplies where to connect to
	 */
	public DatabaseDefinition(String name, DatabaseSettings settings, Engine engine,
			ConnectionDetailsSupplier connectionDetails) {
		this(name, settings, engine, connectionDetails, null, (setting) -> key(name, setting));
	}

	/**
	 * Returns a copy with other settings and connection details.
	 * @param settings the settings
	 * @param connectionDetails supplies where to connect to
	 * @return a copy
	 */
	public DatabaseDefinition with(DatabaseSettings settings, ConnectionDetailsSupplier connectionDetails) {
		return new DatabaseDefinition(this.name, settings, this.engine, connectionDetails, this.replicaOf, this.keys,
				this.admission);
	}

	/**
	 * Returns a copy whose connections share a limit with those of other databases.
	 * @param admission admits each connection
	 * @return a copy
	 */
	public DatabaseDefinition withAdmission(ConnectionAdmission admission) {
		return new DatabaseDefinition(this.name, this.settings, this.engine, this.connectionDetails, this.replicaOf,
				this.keys, admission);
	}

	/**
	 * Returns the engine of a relational database.
	 * @return the engine
	 * @throws ClassCastException if the database is not relational
	 */
	public JdbcEngine jdbcEngine() {
		return (JdbcEngine) this.engine;
	}

	/**
	 * Returns whether the number of connections in use follows the load.
	 * @return {@code pool.adaptive}, {@code false} for an engine that does not support it
	 */
	public boolean isPoolAdaptive() {
		return this.settings.pool().isAdaptive() && this.engine instanceof JdbcEngine jdbcEngine
				&& jdbcEngine.isAdaptivePoolSupported();
	}

	/**
	 * Returns the full key of a setting, for messages: where the setting is written,
	 * which may be at a replica or in the defaults. If it is not written, the key is the
	 * one to write it at.
	 * @param setting the key below the database, for example {@code pool.max-size}
	 * @return the full key, for example {@code app.dbs.orders.pool.max-size}
	 */
	public String key(String setting) {
		return this.keys.apply(setting);
	}

	/**
	 * Returns the full key of a setting of a database that has not been defined yet.
	 * @param database the name of the database
	 * @param setting the key below the database, for example {@code pool.max-size}
	 * @return the full key, for example {@code app.dbs.orders.pool.max-size}
	 */
	public static String key(String database, String setting) {
		return "app.dbs." + database + "." + setting;
	}

	/**
	 * Returns the database whose rows these are: the database itself or, of a replica,
	 * the one that it follows.
	 * @return the name
	 */
	public String primaryName() {
		return (this.replicaOf != null) ? this.replicaOf : this.name;
	}

	/**
	 * Returns the names of the replicas.
	 * @return the names, in the order of the configuration
	 */
	public List<String> replicaNames() {
		return IntStream.rangeClosed(1, this.settings.replicas().size())
			.mapToObj((number) -> replicaName(this.name, number))
			.toList();
	}

	/**
	 * Returns the name of a replica.
	 * @param database the name of the database
	 * @param number the number of the replica, from 1 on
	 * @return the name
	 */
	public static String replicaName(String database, int number) {
		return database + "-replica-" + number;
	}

	/**
	 * Returns the name and the engine.
	 */
	@Override
	public String toString() {
		return "DatabaseDefinition[name=" + this.name + ", engine=" + this.engine.getId() + "]";
	}

}
