package io.appdbs.jdbc;

import javax.sql.DataSource;

/**
 * A {@link DataSource} of a database below {@code app.dbs}. What wraps it
 * {@linkplain DataSource#unwrap(Class) unwraps} to it.
 */
public interface NamedDataSource extends DataSource {

	/**
	 * Returns the name of the database.
	 * @return the name as it is configured
	 */
	String getDatabase();

}
