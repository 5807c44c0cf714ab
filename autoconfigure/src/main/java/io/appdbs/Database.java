package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One named database as it is right now. Reading it never talks to the database.
 */
public interface Database {

	/**
	 * Return the name as written below {@code app.dbs}.
	 * @return the name
	 */
	String getName();

	/**
	 * Return what the database runs on, for example {@code postgresql} or
	 * {@code mongodb}. Once connected this is what the server said it is, so a
	 * CockroachDB behind a {@code postgresql:} URL shows as {@code cockroachdb}, and a
	 * MariaDB behind a {@code mysql:} URL as {@code mariadb}.
	 * @return the identifier of the engine
	 */
	String getEngine();

	/**
	 * Return the state.
	 * @return the state
	 */
	DatabaseState getState();

	/**
	 * Return since when the database has been in its {@linkplain #getState() state}.
	 * @return the time of the last transition
	 */
	Instant getSince();

	/**
	 * Return the last failure, which stays readable after the database has recovered.
	 * @return the failure or {@code null} if there was none
	 */
	@Nullable Throwable getLastFailure();

	/**
	 * Return all that is known of the database.
	 * @return the snapshot
	 */
	DatabaseSnapshot getSnapshot();

}
