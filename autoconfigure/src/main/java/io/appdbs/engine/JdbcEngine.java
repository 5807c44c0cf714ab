package io.appdbs.engine;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.sql.SessionStateDetectors;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Base class of engines that are spoken to through JDBC. The least engine is a
 * constructor: {@code super("hsqldb", "HSQLDB", "org.hsqldb.jdbc.JDBCDriver",
 * "org.hsqldb:hsqldb")}.
 */
public abstract class JdbcEngine implements Engine {

	private final String id;

	private final String displayName;

	private final String driverClassName;

	private final String driverCoordinates;

	/**
	 * Create a new {@link JdbcEngine}.
	 * @param id the identifier, also the part after {@code jdbc:} unless
	 * {@link #getSchemes()} says otherwise
	 * @param displayName the name that messages use
	 * @param driverClassName the class of the JDBC driver
	 * @param driverCoordinates the Maven coordinates of the driver as
	 * {@code groupId:artifactId}, followed by {@code :version} where Spring Boot does not
	 * manage its version
	 */
	protected JdbcEngine(String id, String displayName, String driverClassName, String driverCoordinates) {
		this.id = id;
		this.displayName = displayName;
		this.driverClassName = driverClassName;
		this.driverCoordinates = driverCoordinates;
	}

	@Override
	public final String getId() {
		return this.id;
	}

	@Override
	public final String getDisplayName() {
		return this.displayName;
	}

	@Override
	public final DatabaseKind getKind() {
		return DatabaseKind.RELATIONAL;
	}

	/**
	 * A server may be known to be another than the one that its URL is for, for example a
	 * CockroachDB behind a {@code postgresql:} URL: that takes the same driver.
	 */
	@Override
	public final boolean isSameProtocol(Engine other) {
		return other instanceof JdbcEngine engine && engine.driverClassName.equals(this.driverClassName);
	}

	/**
	 * Return {@code jdbc:} followed by the identifier. An engine that lists further
	 * schemes is given provider-style URLs, which it translates with
	 * {@link #getJdbcPrefix()}, {@link #getDefaultPort()} and
	 * {@link #translateParameter(String, String)}.
	 */
	@Override
	public Set<String> getSchemes() {
		return Set.of("jdbc:" + this.id);
	}

	@Override
	public DatabaseConnectionDetails resolve(String url) {
		return new JdbcUrlSyntax(this).resolve(url);

	}

	/**
	 * Return what the driver's URLs begin with.
	 * @return the prefix: {@code jdbc:}, the driver's own part and a colon
	 */
	protected String getJdbcPrefix() {
		return "jdbc:" + this.id + ":";
	}

	/**
	 * Return the port of a host that is given without one.
	 * @return the port or 0 if the engine has none
	 */
	protected int getDefaultPort() {
		return 0;
	}

	/**
	 * Translate a parameter of a provider-style URL into the driver's parameters.
	 * @param name the name of the parameter, decoded
	 * @param value the value of the parameter, decoded
	 * @return the driver's parameters
	 * @throws InvalidUrlException if the driver has no such value
	 */
	protected Map<String, String> translateParameter(String name, String value) {
		return Map.of(name, value);
	}

	/**
	 * Return the name of the database of a URL that has no hosts, such as
	 * {@code jdbc:sqlite:orders.db}, or more than a name after them. Messages, the
	 * endpoint and logs show it. Drivers differ in where they have a login, so that
	 * nothing of such a URL is shown by default.
	 * @param path what follows the hosts or, without any, {@code jdbc:} and the driver's
	 * own part, up to the parameters
	 * @return the name as it is written, without a login, or {@code null} if the name is
	 * not known; {@code null} unless overridden
	 */
	protected @Nullable String toDatabase(String path) {
		return null;
	}

	/**
	 * Return whether a backslash in the URL makes a semicolon a part of a value.
	 */
	boolean isBackslashEscape() {
		return false;
	}

	/**
	 * Return the name under which a parameter of a URL goes into the
	 * {@linkplain DatabaseConnectionDetails#properties() properties} of the target,
	 * although it is no secret, because a setting of the database can change it.
	 * @param parameter the driver's name of the parameter
	 * @return the name as the driver spells it or {@code null} if the parameter stays in
	 * the URL
	 */
	protected @Nullable String toProperty(String parameter) {
		return null;
	}

	/**
	 * Encode the name of a database, or a parameter, for the driver's URL.
	 * @param text the text
	 * @return the text as the driver's URL has it
	 * @throws InvalidUrlException if the driver's URL cannot hold the text
	 */
	protected String encode(String text) {
		return PercentEncoding.encode(text);
	}

	/**
	 * Decode the name of a database, or a parameter, of the driver's URL.
	 * @param text the text as the driver's URL has it
	 * @return the text
	 * @throws IllegalArgumentException if the text cannot be decoded
	 */
	protected String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	/**
	 * Returns a URL that has the properties of the driver as parameters.
	 * @param url the driver's URL
	 * @param properties the properties of the driver; its parameters in the URL win
	 * @return the URL with all properties but credentials and other secrets
	 * @throws InvalidUrlException if the driver's URL cannot hold one of them
	 */
	public final String addProperties(String url, Properties properties) {
		return new JdbcUrlSyntax(this).addProperties(url, properties);
	}

	/**
	 * Adds a parameter to the driver's URL.
	 * @param url the URL
	 * @param name the name of the parameter
	 * @param value its value
	 * @return the URL with {@code ?name=value} or {@code &name=value}, unless overridden
	 */
	protected String addParameter(String url, String name, String value) {
		return url + ((url.indexOf('?') < 0) ? '?' : '&') + encode(name) + "=" + encode(value);
	}

	/**
	 * Return the class of the JDBC driver.
	 * @return the fully qualified name of the class
	 */
	public final String getDriverClassName() {
		return this.driverClassName;
	}

	/**
	 * Return where the JDBC driver is to be had.
	 * @return the Maven coordinates as {@code groupId:artifactId} or
	 * {@code groupId:artifactId:version}
	 */
	public final String getDriverCoordinates() {
		return this.driverCoordinates;
	}

	@Override
	public final DriverParameters readParameters(@Nullable DatabaseConnectionDetails target,
			@Nullable ClassLoader classLoader) {
		return DriverParameters.read(this, target, classLoader);
	}

	/**
	 * Return the parameters that the driver takes. Unless overridden, these are the ones
	 * that it lists. Few drivers list all of them, so only a name that is nearly equal to
	 * one of these is an error of the configuration.
	 * @param driver the driver
	 * @param target where the database is
	 * @return the parameters
	 * @throws Exception if that is not possible, which accepts every name
	 */
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails target) throws Exception {
		return new DriverParameters(Set.of(), listedBy(driver, target), false);
	}

	/**
	 * Return the parameters that the driver does not take, but that many URLs have:
	 * former versions or similar drivers take them, and it behaves as they ask for
	 * anyway. They are reported and are no error.
	 * @return the names in the case that the driver had
	 */
	public Set<String> getObsoleteParameters() {
		return Set.of();
	}

	/**
	 * Return the parameters that a driver lists.
	 * @param driver the driver
	 * @param target where the database is
	 * @return the names
	 * @throws SQLException if the driver cannot list them
	 * @see Driver#getPropertyInfo(String, Properties)
	 */
	protected static Set<String> listedBy(Driver driver, DatabaseConnectionDetails target) throws SQLException {
		// Without parameters: the driver would reject a wrong value of one of them.
		DriverPropertyInfo[] listed = driver.getPropertyInfo(target.head(), new Properties());
		return Stream.of(listed).map((info) -> info.name).collect(Collectors.toSet());
	}

	/**
	 * Return the driver's properties for a limit on opening a connection. They take
	 * precedence over the target's.
	 * @param timeout the limit, positive
	 * @return the properties; empty if the driver knows no such limit, which makes
	 * {@code pool.connect-timeout} an error of the configuration
	 */
	public Map<String, String> getConnectTimeoutProperties(Duration timeout) {
		return Map.of();
	}

	/**
	 * Return the driver's properties for a limit on each read from a connection, after
	 * which the connection is broken.
	 * @param timeout the limit, positive
	 * @return the properties; empty if the driver knows no such limit
	 */
	public Map<String, String> getReadTimeoutProperties(Duration timeout) {
		return Map.of();
	}

	/**
	 * End a connection, and whatever waits for an answer on it, without asking the
	 * server.
	 * @param connection the connection of the driver
	 * @throws SQLException if the driver cannot end it
	 */
	public void abort(Connection connection) throws SQLException {
		connection.abort(Runnable::run);
	}

	/**
	 * Return the driver's properties that a connection has unless the target has others.
	 * @param target where the connections go
	 * @return the properties; none unless overridden
	 */
	public Map<String, String> getDefaultProperties(DatabaseConnectionDetails target) {
		return Map.of();
	}

	/**
	 * Return whether the server can be told to keep a limit. Where it cannot, setting the
	 * limit is an error of the configuration.
	 * @param timeout the kind of limit
	 * @return {@code false} unless overridden
	 */
	public boolean isSupported(ServerTimeout timeout) {
		return false;
	}

	/**
	 * Return the driver's properties that tell the server limits. They take precedence
	 * over the target's, and keep what those say beside the limits.
	 * @param target where the connections go
	 * @param timeouts the limits, positive and of {@linkplain #isSupported supported}
	 * kinds; at least one
	 * @return the properties
	 */
	public Map<String, String> getTimeoutProperties(DatabaseConnectionDetails target,
			Map<ServerTimeout, Duration> timeouts) {
		return Map.of();
	}

	/**
	 * Return the driver's properties that make a read-only connection read-only on the
	 * server for every statement, in and outside of a transaction.
	 * @return the properties; empty if the driver does so anyway
	 */
	public Map<String, String> getReadOnlyProperties() {
		return Map.of();
	}

	/**
	 * Returns whether the driver logs in as the user of the operating system where it is
	 * given no username. An empty {@code username} is an error of the configuration then.
	 * @return whether that user is the default
	 */
	public boolean isOperatingSystemUserDefault() {
		return false;
	}

	/**
	 * Return whether the server refuses to write on a connection that is
	 * {@linkplain java.sql.Connection#setReadOnly read-only}. Where it does not,
	 * {@code read-only} is an error of the configuration.
	 * @return {@code false} unless overridden: drivers may ignore the call, or reject it
	 * for each connection of the pool
	 */
	public boolean isReadOnlyEnforced() {
		return false;
	}

	/**
	 * Return whether a failure says that the server, or the transaction, takes no writes.
	 * It has been demoted if the transaction should.
	 * @param failure an exception of the driver
	 * @return whether writing was refused for that reason
	 */
	public boolean isRefusedByReadOnlyServer(SQLException failure) {
		return "25006".equals(failure.getSQLState());
	}

	/**
	 * Return the query that tells whether the server, or the session by default, takes no
	 * writes, for a connection in no transaction.
	 * @return a query for one boolean value or {@code null} if the engine has none
	 */
	public @Nullable String getReadOnlyQuery() {
		return null;
	}

	/**
	 * Return whether the server has policies that decide which rows a statement sees, and
	 * settings for them that last as long as a transaction, both as PostgreSQL has them.
	 * @return {@code false} unless overridden
	 */
	public boolean isRowLevelSecuritySupported() {
		return false;
	}

	/**
	 * Return the dialect of Hibernate for the case that the server cannot be asked,
	 * because it is down.
	 * @return the fully qualified name of the class or {@code null} unless overridden, so
	 * that Hibernate starts only while the database is up
	 */
	public @Nullable String getHibernateDialect() {
		return null;
	}

	/**
	 * Return the dialect of Spring Data JDBC, which then does not ask the server for it.
	 * @return the fully qualified name of a class that has a constructor for
	 * {@code IdentifierProcessing} or a constant {@code INSTANCE}, or {@code null} unless
	 * overridden
	 */
	public @Nullable String getDataJdbcDialect() {
		return null;
	}

	/**
	 * Return whether a statement leaves something behind in the session of the server,
	 * such as the value of a variable, a temporary table or a lock, which the next
	 * borrower of the connection must not meet. Called for each statement, so it has to
	 * be fast; in doubt it may say yes, which costs a connection.
	 * @param sql the statement, or several
	 * @return whether it is {@code SET}, but for what ends with the transaction, or
	 * creates a temporary table or selects another database, unless overridden
	 */
	public boolean isSessionChange(String sql) {
		return SessionStateDetectors.STANDARD.isIn(sql);
	}

	/**
	 * Read what {@link Connection#setSchema(String)} changes.
	 * @param connection a connection to the database
	 * @return the value for {@link #restoreSchema(Connection, String)}, the name of the
	 * schema unless overridden; {@code null} if there is none
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable String readSchema(Connection connection) throws SQLException {
		return connection.getSchema();
	}

	/**
	 * Undo {@link Connection#setSchema(String)}.
	 * @param connection a connection to the database
	 * @param value the value that {@link #readSchema(Connection)} returned before
	 * @throws SQLException if the server does not accept the value
	 */
	public void restoreSchema(Connection connection, @Nullable String value) throws SQLException {
		connection.setSchema(value);
	}

	/**
	 * Return whether {@link Statement#setQueryTimeout(int)} holds for all statements of
	 * the connection from then on.
	 * @return {@code false} unless overridden
	 */
	public boolean isQueryTimeoutOfConnection() {
		return false;
	}

	/**
	 * Return where comments and literals begin and end in the SQL of the server.
	 * @return {@link SqlSyntax#STANDARD} unless overridden
	 */
	public SqlSyntax getSqlSyntax() {
		return SqlSyntax.STANDARD;
	}

	/**
	 * Returns what reads how far servers have got that follow each other, and whether
	 * they do.
	 * @return {@code null} unless overridden: no lag of replicas is known then
	 */
	public @Nullable Replication getReplication() {
		return null;
	}

	/**
	 * Tell why a database could not be reached: by the <a href=
	 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLState</a> of
	 * the first {@link SQLException} that has a telling one, else by the network.
	 */
	@Override
	public FailureReason classify(Throwable failure) {
		FailureReason reason = SqlFailures.classify(failure, this::classifyState);
		return (reason != null) ? reason : Engine.super.classify(failure);
	}

	/**
	 * Tell why a database could not be reached, by the exception's SQLState or the
	 * vendor's code.
	 * @param failure an exception of the driver
	 * @return the reason or {@code null} if neither tells it
	 */
	protected @Nullable FailureReason classifyState(SQLException failure) {
		return SqlStates.toReason(failure);
	}

	/**
	 * Tell whether running a transaction again may mend its failure: by every
	 * {@link SQLException} among the causes and those that are chained to them. One that
	 * says that the connection was lost outweighs the others.
	 */
	@Override
	public final TransactionFailure classifyTransaction(Throwable failure, Collection<String> conflicts) {
		return SqlFailures.classifyTransaction(failure, conflicts, this::classifyTransaction);
	}

	/**
	 * Tell whether running a transaction again may mend its failure, by the exception's
	 * SQLState or the vendor's code.
	 * @param failure an exception of the driver
	 * @return the kind of failure
	 */
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return SqlStates.toTransactionFailure(failure);
	}

	/**
	 * Return the limit that a statement has reached: by every {@link SQLException} among
	 * the causes of a failure and those that are chained to them.
	 * @param failure what a statement has failed with
	 * @return the limit or {@code null} if it failed for another reason
	 */
	public final @Nullable ServerTimeout findTimeout(Throwable failure) {
		return SqlFailures.findFirst(failure, this::toTimeout);
	}

	/**
	 * Return the limit that a statement has reached, by the exception's SQLState or the
	 * vendor's code. Only for exceptions that Spring does not recognize by themselves.
	 * @param failure an exception of the driver
	 * @return {@link ServerTimeout#STATEMENT}, {@link ServerTimeout#LOCK}, also for a
	 * lock that was not to be waited for, or {@code null}
	 */
	protected @Nullable ServerTimeout toTimeout(SQLException failure) {
		return null;
	}

	/**
	 * Ask a server what it is.
	 * @param connection a connection to the server
	 * @return the server's own words, product first, for example {@code MariaDB 11.4.5}
	 * @throws SQLException if the server does not answer
	 */
	public String readServerVersion(Connection connection) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		return metaData.getDatabaseProductName() + " " + metaData.getDatabaseProductVersion();
	}

	/**
	 * Return whether a server, reached under the URL of another engine with the same
	 * driver or of one that this class extends, is really of this engine.
	 * @param serverVersion what {@link #readServerVersion} read
	 * @return whether the server is of this engine
	 */
	public boolean recognizes(String serverVersion) {
		return false;
	}

	/**
	 * Return the statement that creates a database.
	 * @param name the name of the database, which the statement quotes
	 * @return the statement or {@code null} if connecting to a database creates it
	 */
	public @Nullable String getCreateDatabaseStatement(String name) {
		return "CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"";
	}

	/**
	 * Return where to connect to in order to create a database that is missing.
	 * @param target where the database will be
	 * @return the same server without that database or {@code null} if this engine cannot
	 * create databases, which makes {@code create-database} an error of the configuration
	 * unless connecting creates them
	 */
	public @Nullable DatabaseConnectionDetails getMaintenanceTarget(DatabaseConnectionDetails target) {
		return null;
	}

	/**
	 * Return the same target with another database, for
	 * {@link #getMaintenanceTarget(DatabaseConnectionDetails)}.
	 * @param target the target
	 * @param database the name of the database or {@code null} for none
	 * @return a target with the same hosts, login and properties
	 */
	protected final DatabaseConnectionDetails withDatabase(DatabaseConnectionDetails target,
			@Nullable String database) {
		return new JdbcUrlSyntax(this).withDatabase(target, database);
	}

	/**
	 * Tell why {@linkplain #getCreateDatabaseStatement(String) creating} a database
	 * failed.
	 * @param failure what the driver threw
	 * @return the outcome, {@link CreateDatabaseFailure#OTHER} if it is none that is
	 * known
	 */
	public CreateDatabaseFailure classifyCreateDatabase(SQLException failure) {
		return SqlStates.toCreateDatabaseFailure(failure);
	}

	/**
	 * Return the statement that allows a login to create a database, for messages.
	 * @param name the name of the database
	 * @param login how the statement names the login
	 * @return the statement or {@code null} if it is not known
	 */
	public @Nullable String getCreateDatabaseGrant(String name, String login) {
		return null;
	}

	/**
	 * Read the limits of the server that the connections of an application come up
	 * against.
	 * @param connection a connection to the server
	 * @return the limits; empty if there are none or they cannot be read
	 * @throws SQLException if the server does not answer
	 */
	public List<ConnectionLimit> readConnectionLimits(Connection connection) throws SQLException {
		return List.of();
	}

	/**
	 * Read where the server looks for a table that is named without schema.
	 * @param connection a connection to the database
	 * @return the schemas in order or, where the engine has none, the database
	 * @throws SQLException if the server does not answer
	 */
	public List<String> readSearchPath(Connection connection) throws SQLException {
		String schema = connection.getMetaData().supportsSchemasInTableDefinitions() ? connection.getSchema()
				: connection.getCatalog();
		return (schema != null) ? List.of(schema) : List.of();
	}

}
