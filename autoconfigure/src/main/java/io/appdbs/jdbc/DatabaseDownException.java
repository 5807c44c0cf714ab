package io.appdbs.jdbc;

import java.sql.SQLTransientConnectionException;

import io.appdbs.DatabaseOutage;
import io.appdbs.TransientDatabaseFailure;

/**
 * Thrown immediately by a {@code DataSource} whose database is known to be down. As a
 * {@link SQLTransientConnectionException} it is translated to a transient resource
 * failure.
 */
public class DatabaseDownException extends SQLTransientConnectionException implements TransientDatabaseFailure {

	/** Connection failure, of the class that clients cannot establish a connection. */
	private static final String SQL_STATE = "08001";

	private final transient DatabaseOutage outage;

	/**
	 * Creates a new {@link DatabaseDownException}.
	 * @param outage why the database cannot be used
	 */
	public DatabaseDownException(DatabaseOutage outage) {
		super(outage.toString(), SQL_STATE);
		this.outage = outage;
	}

	/**
	 * Returns why the database cannot be used.
	 * @return name, reason, since when, and next attempt
	 */
	@Override
	public DatabaseOutage getOutage() {
		return this.outage;
	}

	@Override
	public String getDatabase() {
		return this.outage.database();
	}

}
