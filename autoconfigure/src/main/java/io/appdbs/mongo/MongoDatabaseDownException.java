package io.appdbs.mongo;

import io.appdbs.DatabaseOutage;
import io.appdbs.TransientDatabaseFailure;

import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Thrown at once by a MongoDB client and its template while the database is known to be
 * down.
 */
public class MongoDatabaseDownException extends TransientDataAccessResourceException
		implements TransientDatabaseFailure {

	private final transient DatabaseOutage outage;

	/**
	 * Create a new {@link MongoDatabaseDownException}.
	 * @param outage why the database cannot be used
	 */
	public MongoDatabaseDownException(DatabaseOutage outage) {
		super(outage.toString());
		this.outage = outage;
	}

	/**
	 * Return why the database cannot be used.
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
