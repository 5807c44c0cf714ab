package io.appdbs.mongo;

import io.appdbs.DatabaseOutage;
import io.appdbs.TransientDatabaseFailure;

import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Thrown immediately by a MongoDB client and its template while the database is known to
 * be down.
 */
public class MongoDatabaseDownException extends TransientDataAccessResourceException
		implements TransientDatabaseFailure {

	private final transient DatabaseOutage outage;

	/**
	 * Creates a new {@link MongoDatabaseDownException}.
	 * @param outage why the database cannot be used
	 */
	public MongoDatabaseDownException(DatabaseOutage outage) {
		super(outage.toString());
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
