package io.appdbs.engine;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import io.appdbs.engine.cluster.ClusterReader;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.engine.sql.SessionStateDetectors;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.PercentEncoding;
import io.appdbs.maintenance.MaintenanceOperation;
import org.jspecify.annotations.Nullable;

/**
 * Base class of engines with a JDBC driver. The smallest engine is a constructor:
 * {@code super("hsqldb", "HSQLDB", "org.hsqldb.jdbc.JDBCDriver",
 * "org.hsqldb:hsqldb")}.
 */
public abstract class JdbcEngine implements Engine {

	private final String id;

	private final String displayName;

	private final String driverClassName;

	private final String driverCoordinates;

	/**
	 * Creates a new {@link JdbcEngine}.
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
	 * A server can be of another engine than its URL, for example a CockroachDB behind a
	 * {@code postgresql:} URL, if the driver is the same.
	 */
	@Override
	public final boolean isSameProtocol(Engine other) {
		return other instanceof JdbcEngine engine && engine.driverClassName.equals(this.driverClassName);
	}

	/**
	 * Returns {@code jdbc:} followed by the identifier. An engine that lists further
	 * schemes gets provider-style URLs, which it translates with
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
	 * Returns the prefix of the driver's URLs.
	 * @return the prefix: {@code jdbc:}, the driver's own part and a colon
	 */
	protected String getJdbcPrefix() {
		return "jdbc:" + this.id + ":";
	}

	/**
	 * Returns the port of a host that is given without one.
	 * @return the port or 0 if the engine has none
	 */
	protected int getDefaultPort() {
		return 0;
	}

	/**
	 * Translates a parameter of a provider-style URL into the driver's parameters.
	 * @param name the name of the parameter, decoded
	 * @param value the value of the parameter, decoded
	 * @return the driver's parameters
	 * @throws InvalidUrlException if the driver has no such value
	 */
	protected Map<String, String> translateParameter(String name, String value) {
		return Map.of(name, value);
	}

	/**
	 * Returns the name of the database of a URL that has no hosts, such as
	 * {@code jdbc:sqlite:orders.db}, or more than a name after them. Messages, the
	 * endpoint and logs show it. Drivers differ in where the URL has a login, so such a
	 * URL is not shown by default.
	 * @param path what follows the hosts or, without any, {@code jdbc:} and the driver's
	 * own part, up to the parameters
	 * @return the name as it is written, without a login, or {@code null} if the name is
	 * not known; {@code null} unless overridden
	 */
	protected @Nullable String toDatabase(String path) {
		return null;
	}

	/**
	 * Returns whether a backslash in the URL makes a semicolon a part of a value.
	 */
	boolean isBackslashEscape() {
		return false;
	}

	/**
	 * Returns the name under which a parameter of a URL goes into the
	 * {@linkplain DatabaseConnectionDetails#properties() properties} of the connection
	 * details, although it is no secret, because a setting of the database can change it.
	 * @param parameter the driver's name of the parameter
	 * @return the name as the driver spells it or {@code null} if the parameter stays in
	 * the URL
	 */
	protected @Nullable String toProperty(String parameter) {
		return null;
	}

	/**
	 * Encodes the name of a database, or a parameter, for the driver's URL.
	 * @param text the text
	 * @return the text as the driver's URL has it
	 * @throws InvalidUrlException if the driver's URL cannot hold the text
	 */
	protected String encode(String text) {
		return PercentEncoding.encode(text);
	}

	/**
	 * Decodes the name of a database, or a parameter, of the driver's URL.
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
	 * Returns the class of the JDBC driver.
	 * @return the fully qualified name of the class
	 */
	public final String getDriverClassName() {
		return this.driverClassName;
	}

	/**
	 * Returns the dependency that provides the JDBC driver.
	 * @return the Maven coordinates as {@code groupId:artifactId} or
	 * {@code groupId:artifactId:version}
	 */
	public final String getDriverCoordinates() {
		return this.driverCoordinates;
	}

	@Override
	public final DriverParameters readParameters(@Nullable DatabaseConnectionDetails details,
			@Nullable ClassLoader classLoader) {
		return DriverParameters.read(this, details, classLoader);
	}

	/**
	 * Returns the parameters that the driver accepts. By default, these are the ones that
	 * it lists. Few drivers list all of them, so only a name that is similar to one of
	 * these is rejected.
	 * @param driver the driver
	 * @param details where the database is
	 * @return the parameters
	 * @throws Exception if they cannot be read; then every name is accepted
	 */
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails details) throws Exception {
		return new DriverParameters(Set.of(), DriverParameters.listedBy(driver, details), false);
	}

	/**
	 * Returns parameters that the driver does not accept, but that many URLs have: former
	 * versions or similar drivers accept them, and this driver behaves accordingly
	 * anyway. They are logged and not rejected.
	 * @return the names in the case that the driver had
	 */
	public Set<String> getObsoleteParameters() {
		return Set.of();
	}

	/**
	 * Returns the driver's properties for a limit on opening a connection. They override
	 * those of the connection details.
	 * @param timeout the limit, positive
	 * @return the properties; empty if the driver has no such limit, so that
	 * {@code pool.connect-timeout} is rejected
	 */
	public Map<String, String> getConnectTimeoutProperties(Duration timeout) {
		return Map.of();
	}

	/**
	 * Returns the driver's properties for a time limit on each read from a connection,
	 * after which the connection is closed.
	 * @param timeout the limit, positive
	 * @return the properties; empty if the driver has no such limit
	 */
	public Map<String, String> getReadTimeoutProperties(Duration timeout) {
		return Map.of();
	}

	/**
	 * Aborts a connection, and a statement that waits for a response on it, without a
	 * request to the server.
	 * @param connection the connection of the driver
	 * @throws SQLException if the driver cannot abort it
	 */
	public void abort(Connection connection) throws SQLException {
		connection.abort(Runnable::run);
	}

	/**
	 * Returns the driver's properties that a connection has unless the connection details
	 * has others.
	 * @param details where the connections go
	 * @return the properties; none unless overridden
	 */
	public Map<String, String> getDefaultProperties(DatabaseConnectionDetails details) {
		return Map.of();
	}

	/**
	 * Returns whether the server supports a limit. If it does not, setting the limit is
	 * rejected.
	 * @param timeout the kind of limit
	 * @return {@code false} unless overridden
	 */
	public boolean isSupported(ServerTimeout timeout) {
		return false;
	}

	/**
	 * Returns the driver's properties that set limits of the server. They override those
	 * of the connection details, and keep everything else that those contain.
	 * @param details where the connections go
	 * @param timeouts the limits, positive and of {@linkplain #isSupported supported}
	 * kinds; at least one
	 * @return the properties
	 */
	public Map<String, String> getTimeoutProperties(DatabaseConnectionDetails details,
			Map<ServerTimeout, Duration> timeouts) {
		return Map.of();
	}

	/**
	 * Returns the settings that a session of the pool does not have although its
	 * connection was opened with them, because something between the driver and the
	 * server drops them, such as a pooler.
	 * @param connection a connection of the pool
	 * @param timeouts the limits that it was opened with
	 * @param readOnly whether it is read-only
	 * @return the keys below {@code app.dbs.<name>}; none unless overridden
	 * @throws SQLException if the session cannot be read
	 */
	public List<String> findDroppedSettings(Connection connection, Map<ServerTimeout, Duration> timeouts,
			boolean readOnly) throws SQLException {
		return List.of();
	}

	/**
	 * Returns the driver's properties that make a read-only connection read-only on the
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
	 * Returns whether the server rejects writes on a connection that is
	 * {@linkplain java.sql.Connection#setReadOnly read-only}. If it does not,
	 * {@code read-only} is rejected.
	 * @return {@code false} unless overridden: drivers may ignore the call, or reject it
	 * for each connection of the pool
	 */
	public boolean isReadOnlyEnforced() {
		return false;
	}

	/**
	 * Returns whether a failure means that the server, or the transaction, is read-only.
	 * If the transaction is not, the server has been demoted.
	 * @param failure an exception of the driver
	 * @return whether a write was rejected for that reason
	 */
	public boolean isRefusedByReadOnlyServer(SQLException failure) {
		return "25006".equals(failure.getSQLState());
	}

	/**
	 * Returns the query for whether the server, or the session by default, is read-only,
	 * for a connection that is not in a transaction.
	 * @return a query for one boolean value or {@code null} if the engine has none
	 */
	public @Nullable String getReadOnlyQuery() {
		return null;
	}

	/**
	 * Returns whether the number of connections in use can follow the load. If it cannot,
	 * {@code pool.adaptive} is rejected.
	 * @return {@code true} unless overridden
	 */
	public boolean isAdaptivePoolSupported() {
		return true;
	}

	/**
	 * Returns whether the server has row-level security policies, and settings for them
	 * with the scope of a transaction, as in PostgreSQL.
	 * @return {@code false} unless overridden
	 */
	public boolean isRowLevelSecuritySupported() {
		return false;
	}

	/**
	 * Returns whether triggers can record the changes of rows, and the catalog tells
	 * whether they do, as in PostgreSQL.
	 * @return {@code false} unless overridden
	 */
	public boolean isRowAuditSupported() {
		return false;
	}

	/**
	 * Reads which statements the server itself records.
	 * @param connection a connection to the database
	 * @return a description for operators, such as {@code pgaudit: write}, or
	 * {@code null}, unless overridden, if nothing is known to be recorded
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable String readServerAudit(Connection connection) throws SQLException {
		return null;
	}

	/**
	 * Returns the dialect of Hibernate to use while the server is down.
	 * @return the fully qualified name of the class or {@code null} unless overridden, so
	 * that Hibernate starts only while the database is up
	 */
	public @Nullable String getHibernateDialect() {
		return null;
	}

	/**
	 * Returns the dialect of Spring Data JDBC, which is then not determined from the
	 * server.
	 * @return the fully qualified name of a class that has a constructor for
	 * {@code IdentifierProcessing} or a constant {@code INSTANCE}, or {@code null} unless
	 * overridden
	 */
	public @Nullable String getDataJdbcDialect() {
		return null;
	}

	/**
	 * Returns the dialect of jOOQ, which is then not determined from the server.
	 * @return the name of a constant of {@code org.jooq.SQLDialect} or {@code null}
	 * unless overridden, so that the application has to configure the dialect
	 */
	public @Nullable String getJooqDialect() {
		return null;
	}

	/**
	 * Returns whether a statement changes the state of the session, such as the value of
	 * a variable, a temporary table or a lock, which the next borrower of the connection
	 * must not see. Called for each statement, so it must be fast; if in doubt it may
	 * return {@code true}, which costs a connection.
	 * @param sql the statement, or several
	 * @return whether it is {@code SET} without the scope of a transaction, creates a
	 * temporary table, or selects another database, unless overridden
	 */
	public boolean isSessionChange(String sql) {
		return SessionStateDetectors.STANDARD.isIn(sql);
	}

	/**
	 * Reads what {@link Connection#setSchema(String)} changes.
	 * @param connection a connection to the database
	 * @return the value for {@link #restoreSchema(Connection, String)}, the name of the
	 * schema unless overridden; {@code null} if there is none
	 * @throws SQLException if the server does not answer
	 */
	public @Nullable String readSchema(Connection connection) throws SQLException {
		return connection.getSchema();
	}

	/**
	 * Undoes {@link Connection#setSchema(String)}.
	 * @param connection a connection to the database
	 * @param value the value that {@link #readSchema(Connection)} returned before
	 * @throws SQLException if the server does not accept the value
	 */
	public void restoreSchema(Connection connection, @Nullable String value) throws SQLException {
		connection.setSchema(value);
	}

	/**
	 * Returns whether {@link Statement#setQueryTimeout(int)} affects all later statements
	 * of the connection.
	 * @return {@code false} unless overridden
	 */
	public boolean isQueryTimeoutOfConnection() {
		return false;
	}

	/**
	 * Returns where comments and literals begin and end in the SQL of the server.
	 * @return {@link SqlSyntax#STANDARD} unless overridden
	 */
	public SqlSyntax getSqlSyntax() {
		return SqlSyntax.STANDARD;
	}

	/**
	 * Returns the replication of the engine, which reads positions and the status of
	 * replicas.
	 * @return the replication, or {@code null} if the lag of replicas is not known;
	 * {@code null} unless overridden
	 */
	public @Nullable Replication getReplication() {
		return null;
	}

	/**
	 * Returns what reads the nodes that the server distributes tables to.
	 * @return the reader, or {@code null} if servers of the engine have no nodes that are
	 * known; {@code null} unless overridden
	 */
	public @Nullable ClusterReader getClusterReader() {
		return null;
	}

	/**
	 * Returns whether a statement failed because another node could not be reached, while
	 * the server that reported it works.
	 * @param failure an exception of the driver
	 * @return {@code false} unless overridden
	 */
	public boolean isFailureOfOtherNode(SQLException failure) {
		return false;
	}

	/**
	 * Returns what reads the schema of a database: columns, indexes and keys of a table.
	 * @return the reader, which relies on the metadata of the driver unless overridden
	 */
	public JdbcSchemaReader getSchemaReader() {
		return new JdbcSchemaReader();
	}

	/**
	 * Returns the inspector of the engine, which reads sizes, activity and what is wrong
	 * with a database.
	 * @return the inspector, or {@code null} if nothing can be inspected; {@code null}
	 * unless overridden
	 */
	public @Nullable JdbcInspector getInspector() {
		return null;
	}

	/**
	 * Returns the partitioning of the engine, which finds tables that are partitioned by
	 * ranges of dates or times.
	 * @return the partitioning, or {@code null} if no partitions can be created ahead;
	 * {@code null} unless overridden
	 */
	public @Nullable Partitioning getPartitioning() {
		return null;
	}

	/**
	 * Returns the statements of the engine that maintain tables and indexes.
	 * @return the maintenance, or {@code null} if there is none; {@code null} unless
	 * overridden
	 */
	public @Nullable JdbcMaintenance getMaintenance() {
		return null;
	}

	/**
	 * Returns what reads the privileges of a login.
	 * @return the reader, or {@code null} if they are not verified; {@code null} unless
	 * overridden
	 */
	public @Nullable PrivilegeReader getPrivilegeReader() {
		return null;
	}

	@Override
	public final @Nullable GrantSyntax getGrantSyntax() {
		return getPrivilegeReader();
	}

	@Override
	public final Set<MaintenanceOperation> getMaintenanceOperations() {
		JdbcMaintenance maintenance = getMaintenance();
		return (maintenance != null) ? maintenance.getOperations() : Set.of();
	}

	/**
	 * Tries to get a lock of the server that no other session of the database can have at
	 * the same time, until the connection is closed.
	 * @param connection the connection, which is not shared by a pooler
	 * @param name the name of the lock, of at most 40 letters, digits, dots and hyphens
	 * @return whether this session has the lock; {@code true} unless overridden, for
	 * engines without such locks
	 * @throws SQLException if the server does not answer
	 */
	public boolean tryLock(Connection connection, String name) throws SQLException {
		return true;
	}

	/**
	 * Returns why a database could not be reached: by the <a href=
	 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLState</a> of
	 * the first {@link SQLException} that has a known one, otherwise by the network
	 * failure.
	 */
	@Override
	public FailureReason classify(Throwable failure) {
		FailureReason reason = SqlFailures.classify(failure, this::classifyState);
		return (reason != null) ? reason : Engine.super.classify(failure);
	}

	/**
	 * Returns why a database could not be reached, by the SQLState or vendor code of the
	 * exception.
	 * @param failure an exception of the driver
	 * @return the reason, or {@code null} if neither is known
	 */
	protected @Nullable FailureReason classifyState(SQLException failure) {
		return SqlStates.toReason(failure);
	}

	/**
	 * Returns whether a retry may succeed, by every {@link SQLException} among the causes
	 * and those that are chained to them. A lost connection takes precedence.
	 */
	@Override
	public final TransactionFailure classifyTransaction(Throwable failure, Collection<String> conflicts) {
		return SqlFailures.classifyTransaction(failure, conflicts, this::classifyTransaction);
	}

	/**
	 * Returns whether a retry may succeed, by the SQLState or vendor code of an
	 * exception.
	 * @param failure an exception of the driver
	 * @return the kind of failure
	 */
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return SqlStates.toTransactionFailure(failure);
	}

	/**
	 * Returns the limit that a statement has reached: by every {@link SQLException} among
	 * the causes of a failure and those that are chained to them.
	 * @param failure the failure of a statement
	 * @return the limit or {@code null} if it failed for another reason
	 */
	public final @Nullable ServerTimeout findTimeout(Throwable failure) {
		return SqlFailures.findFirst(failure, this::toTimeout);
	}

	/**
	 * Returns the limit that a statement has reached, by the exception's SQLState or the
	 * vendor's code. Only for exceptions that Spring does not translate by their type.
	 * @param failure an exception of the driver
	 * @return {@link ServerTimeout#STATEMENT}, {@link ServerTimeout#LOCK}, also for a
	 * lock with {@code NOWAIT}, or {@code null}
	 */
	protected @Nullable ServerTimeout toTimeout(SQLException failure) {
		return null;
	}

	/**
	 * Returns the version that a server reports.
	 * @param connection a connection to the server
	 * @return the version as reported, with the product first, for example
	 * {@code MariaDB 11.4.5}
	 * @throws SQLException if the server does not answer
	 */
	public String readServerVersion(Connection connection) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		return metaData.getDatabaseProductName() + " " + metaData.getDatabaseProductVersion();
	}

	/**
	 * Returns whether a server is of this engine, although its URL is of another engine
	 * with the same driver or of one that this class extends.
	 * @param serverVersion the result of {@link #readServerVersion}
	 * @return whether the server is of this engine
	 */
	public boolean recognizes(String serverVersion) {
		return false;
	}

	/**
	 * Returns the statement that creates a database.
	 * @param name the name of the database, which the statement quotes
	 * @return the statement or {@code null} if connecting to a database creates it
	 */
	public @Nullable String getCreateDatabaseStatement(String name) {
		return "CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"";
	}

	/**
	 * Returns where to connect to in order to create a missing database.
	 * @param details where the database will be
	 * @return the same server without that database or {@code null} if this engine cannot
	 * create databases, so that {@code create-database} is rejected unless connecting
	 * creates them
	 */
	public @Nullable DatabaseConnectionDetails getMaintenanceConnectionDetails(DatabaseConnectionDetails details) {
		return null;
	}

	/**
	 * Returns the same connection details with another database, for
	 * {@link #getMaintenanceConnectionDetails(DatabaseConnectionDetails)}.
	 * @param details the connection details
	 * @param database the name of the database or {@code null} for none
	 * @return the connection details with the same hosts, login and properties
	 */
	protected final DatabaseConnectionDetails withDatabase(DatabaseConnectionDetails details,
			@Nullable String database) {
		return new JdbcUrlSyntax(this).withDatabase(details, database);
	}

	/**
	 * Returns why {@linkplain #getCreateDatabaseStatement(String) creating} a database
	 * failed.
	 * @param failure what the driver threw
	 * @return the reason, {@link CreateDatabaseFailure#OTHER} if it is not known
	 */
	public CreateDatabaseFailure classifyCreateDatabase(SQLException failure) {
		return SqlStates.toCreateDatabaseFailure(failure);
	}

	/**
	 * Returns the statement that allows a login to create a database, for messages.
	 * @param name the name of the database
	 * @param login how the statement names the login
	 * @return the statement or {@code null} if it is not known
	 */
	public @Nullable String getCreateDatabaseGrant(String name, String login) {
		return null;
	}

	/**
	 * Reads the limits of the server for connections of an application.
	 * @param connection a connection to the server
	 * @return the limits; empty if there are none or they cannot be read
	 * @throws SQLException if the server does not answer
	 */
	public List<ConnectionLimit> readConnectionLimits(Connection connection) throws SQLException {
		return List.of();
	}

	/**
	 * Reads the schemas in which the server looks up a table without schema.
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
