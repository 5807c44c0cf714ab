package io.appdbs.restore;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/**
 * What differs between the servers that backups are restored into.
 */
interface SqlDialect {

	/**
	 * Returns the classes of drivers, the preferred one first.
	 */
	List<String> getDriverClassNames();

	/**
	 * Returns a JDBC URL.
	 */
	String createUrl(String host, int port, String database);

	/**
	 * Adds the property that limits the time to connect.
	 */
	void limitConnecting(Properties properties, Duration timeout);

	/**
	 * Returns the product and the version of the server.
	 */
	ServerVersion readVersion(Connection connection) throws SQLException, RestoreFailure;

	/**
	 * Returns some objects of a database, none if it is empty.
	 */
	List<String> findContent(Sql sql) throws SQLException;

	/**
	 * Sets the password of the login, so that no other user of the machine can read what
	 * is restored. Returns when the server requires it.
	 */
	ScratchDatabase secure(ScratchDatabase database, String password) throws SQLException, InterruptedException;

	/**
	 * Returns the tables, without those of the server.
	 */
	List<Table> findTables(Sql sql) throws SQLException;

	/**
	 * Returns constraints that the server has not validated, as full sentences.
	 */
	List<String> findUnvalidatedConstraints(Sql sql) throws SQLException;

	/**
	 * Returns the queries that count the rows which violate a constraint.
	 */
	List<ConstraintQuery> findConstraintQueries(Sql sql) throws SQLException;

	/**
	 * Quotes an identifier.
	 */
	String quote(String identifier);

	/**
	 * A query that counts the rows which violate a constraint.
	 *
	 * @param description the constraint and its table
	 * @param sql the query
	 */
	record ConstraintQuery(String description, String sql) {
	}

}
