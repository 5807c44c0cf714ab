package io.appdbs.restore.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.program.ServerVersion;

/**
 * What differs between the servers that backups are restored into.
 */
public interface SqlDialect {

	/**
	 * Returns the classes of drivers, the preferred one first.
	 * @return the names of classes
	 */
	List<String> getDriverClassNames();

	/**
	 * Returns a JDBC URL.
	 * @param host the host
	 * @param port the port
	 * @param database the name of the database
	 * @return the URL
	 */
	String createUrl(String host, int port, String database);

	/**
	 * Adds the property that limits the time to connect.
	 * @param properties the properties of a connection
	 * @param timeout the maximum duration
	 */
	void limitConnecting(Properties properties, Duration timeout);

	/**
	 * Returns the product and the version of the server.
	 * @param connection a connection
	 * @return the version
	 * @throws SQLException if the server does not answer
	 * @throws RestoreFailure if the version is not known
	 */
	ServerVersion readVersion(Connection connection) throws SQLException, RestoreFailure;

	/**
	 * Makes the server return points in time in UTC.
	 * @param sql the connection
	 * @throws SQLException if a statement fails
	 */
	void useUtc(Sql sql) throws SQLException;

	/**
	 * Returns some objects of a database, none if it is empty.
	 * @param sql the connection
	 * @return their names
	 * @throws SQLException if a statement fails
	 */
	List<String> findContent(Sql sql) throws SQLException;

	/**
	 * Sets the password of the login, so that no other user of the machine can read what
	 * is restored. Returns when the server requires it.
	 * @param database the database, whose login has no password
	 * @param password the password
	 * @return the database with the password
	 * @throws SQLException if a statement fails
	 * @throws InterruptedException if the thread is interrupted
	 */
	ScratchDatabase secure(ScratchDatabase database, String password) throws SQLException, InterruptedException;

	/**
	 * Returns the tables, without those of the server.
	 * @param sql the connection
	 * @return the tables
	 * @throws SQLException if a statement fails
	 */
	List<Table> findTables(Sql sql) throws SQLException;

	/**
	 * Returns constraints that the server has not validated, as full sentences.
	 * @param sql the connection
	 * @return the sentences
	 * @throws SQLException if a statement fails
	 */
	List<String> findUnvalidatedConstraints(Sql sql) throws SQLException;

	/**
	 * Returns the queries that count the rows which violate a constraint.
	 * @param sql the connection
	 * @return the queries
	 * @throws SQLException if a statement fails
	 */
	List<ConstraintQuery> findConstraintQueries(Sql sql) throws SQLException;

	/**
	 * Quotes an identifier.
	 * @param identifier the identifier
	 * @return the quoted identifier
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
