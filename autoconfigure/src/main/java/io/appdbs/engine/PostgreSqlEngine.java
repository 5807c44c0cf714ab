package io.appdbs.engine;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

import io.appdbs.engine.archive.Archiver;
import io.appdbs.engine.archive.PostgreSqlArchiver;
import io.appdbs.engine.cluster.CitusReader;
import io.appdbs.engine.cluster.ClusterReader;
import io.appdbs.engine.cluster.OtherNodeFailures;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.inspection.PostgreSqlInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.maintenance.PostgreSqlMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.partition.PostgreSqlPartitioning;
import io.appdbs.engine.privilege.PostgreSqlPrivileges;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.PostgreSqlReplication;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.engine.schema.PostgreSqlSchemaReader;
import io.appdbs.engine.sql.SessionStateDetectors;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.ParameterValue;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, whose provider-style URLs are those of
 * <a href="https://www.postgresql.org/docs/current/libpq-connect.html">libpq</a>. Engines
 * with its protocol and its driver extend this class.
 */
public class PostgreSqlEngine extends JdbcEngine {

	private static final Map<String, String> PARAMETERS = Map.of("connect_timeout", "connectTimeout",
			"application_name", "ApplicationName", "target_session_attrs", "targetServerType", "channel_binding",
			"channelBinding", "keepalives", "tcpKeepAlive", "gssencmode", "gssEncMode", "sslnegotiation",
			"sslNegotiation", "require_auth", "requireAuth", "load_balance_hosts", "loadBalanceHosts", "krbsrvname",
			"kerberosServerName");

	private static final Map<String, Map<String, String>> VALUES = Map.of("target_session_attrs",
			Map.of("any", "any", "read-write", "primary", "primary", "primary", "read-only", "secondary", "standby",
					"secondary", "prefer-standby", "preferSecondary"),
			"keepalives", Map.of("0", "false", "1", "true"), "load_balance_hosts",
			Map.of("disable", "false", "random", "true"));

	private static final Set<String> PROPERTIES = Set.of("options", "connectTimeout", "socketTimeout", "loginTimeout",
			"readOnlyMode");

	private static final JdbcInspector INSPECTOR = new PostgreSqlInspector();

	private static final ClusterReader CLUSTER_READER = new CitusReader();

	/** With {@code allow}, the default of the driver, it does not use GSS encryption. */
	private static final Set<String> WITHOUT_GSS_ENCRYPTION = Set.of("disable", "allow");

	private static final String LIMITED_SETTINGS = """
			SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',
			'idle_in_transaction_session_timeout', 'transaction_read_only')""";

	private static final Set<String> ELSEWHERE = Set.of("host", "hostaddr", "port", "dbname");

	PostgreSqlEngine() {
		this("postgresql", "PostgreSQL");
	}

	/**
	 * Creates a new {@link PostgreSqlEngine} of a server with the same protocol.
	 * @param id the identifier
	 * @param displayName the name that messages use
	 */
	protected PostgreSqlEngine(String id, String displayName) {
		super(id, displayName, "org.postgresql.Driver", "org.postgresql:postgresql");
	}

	@Override
	public boolean isOperatingSystemUserDefault() {
		return true;
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of("postgresql", "postgres", "jdbc:postgresql");
	}

	@Override
	protected String getJdbcPrefix() {
		return "jdbc:postgresql:";
	}

	@Override
	protected int getDefaultPort() {
		return 5432;
	}

	@Override
	public String getHibernateDialect() {
		return "org.hibernate.dialect.PostgreSQLDialect";
	}

	@Override
	public String getDataJdbcDialect() {
		return "org.springframework.data.jdbc.core.dialect.JdbcPostgresDialect";
	}

	@Override
	public String getJooqDialect() {
		return "POSTGRES";
	}

	@Override
	protected Map<String, String> translateParameter(String name, String value) {
		if (ELSEWHERE.contains(name)) {
			throw new InvalidUrlException("has the parameter '" + name + "', which belongs in front of the '?'",
					"Write it as " + getId() + "://host:port/database. Unix domain sockets are not supported.");
		}
		return Map.of(PARAMETERS.getOrDefault(name, name), ParameterValue.translate(name, value, VALUES.get(name)));
	}

	@Override
	protected String toDatabase(String path) {
		return path;
	}

	@Override
	public boolean isReadOnlyEnforced() {
		return true;
	}

	@Override
	protected @Nullable String toProperty(String parameter) {
		return PROPERTIES.contains(parameter) ? parameter : null;
	}

	@Override
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails details)
			throws SQLException {
		return new DriverParameters(DriverParameters.listedBy(driver, details), ELSEWHERE, true);
	}

	/**
	 * The driver verifies the host name, but not the certificate, which the factory does.
	 * GSS encryption would replace TLS, and a service file can contain it and another
	 * verifier.
	 */
	@Override
	public Map<String, String> getSslProperties(String key, boolean hostNameVerified) {
		return Map.of("sslmode", hostNameVerified ? "verify-full" : "verify-ca", "sslfactory",
				"io.appdbs.ssl.driver.PostgreSqlSocketFactory", "sslfactoryarg", key, "sslhostnameverifier",
				"org.postgresql.ssl.PGjdbcHostnameVerifier", "gssEncMode", "disable", SSL_KEY, key);
	}

	@Override
	public Set<String> getSslParameters() {
		return Set.of("ssl", "sslmode", "sslcert", "sslkey", "sslrootcert", "sslpassword", "sslpasswordcallback",
				"sslhostnameverifier", "sslfactory", "sslfactoryarg", SSL_KEY);
	}

	@Override
	public @Nullable String getTlsReplacement(String parameter, String value) {
		return ("gssEncMode".equalsIgnoreCase(parameter)
				&& !WITHOUT_GSS_ENCRYPTION.contains(value.toLowerCase(Locale.ROOT))) ? "GSS encryption" : null;
	}

	@Override
	public Map<String, String> getConnectTimeoutProperties(Duration timeout) {
		String seconds = String.valueOf(ServerTimeout.wholeSeconds(timeout));
		// the first ends with the TCP connection to one host, the second with a server
		// being ready, which also bounds
		// several hosts and a server that sends byte by byte
		return Map.of("connectTimeout", seconds, "loginTimeout", seconds);
	}

	@Override
	public Map<String, String> getReadTimeoutProperties(Duration timeout) {
		return Map.of("socketTimeout", String.valueOf(ServerTimeout.wholeSeconds(timeout)));
	}

	@Override
	public Map<String, String> getReadOnlyProperties() {
		// by default, the driver does not affect statements outside of a transaction
		return Map.of("readOnlyMode", "always");
	}

	@Override
	public @Nullable String getReadOnlyQuery() {
		return "SELECT current_setting('transaction_read_only')::boolean";
	}

	@Override
	public boolean isRowLevelSecuritySupported() {
		return true;
	}

	@Override
	public boolean isRowAuditSupported() {
		return true;
	}

	@Override
	public @Nullable String readServerAudit(Connection connection) throws SQLException {
		return ServerAudits.readPgAudit(connection);
	}

	@Override
	public boolean isSessionChange(String sql) {
		return SessionStateDetectors.POSTGRESQL.isIn(sql);
	}

	/**
	 * The driver sets the search path, which can have more than the one schema that
	 * {@link Connection#getSchema()} returns.
	 */
	@Override
	public @Nullable String readSchema(Connection connection) throws SQLException {
		return SqlQueries.queryForString(connection, "SELECT current_setting('search_path')");
	}

	@Override
	public void restoreSchema(Connection connection, @Nullable String value) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('search_path', ?, false)")) {
			statement.setString(1, value);
			statement.execute();
		}
	}

	@Override
	public SqlSyntax getSqlSyntax() {
		return SqlSyntax.POSTGRESQL;
	}

	@Override
	public @Nullable JdbcInspector getInspector() {
		return INSPECTOR;
	}

	@Override
	public boolean tryLock(Connection connection, String name) throws SQLException {
		return "t".equals(SqlQueries.queryForString(connection,
				"SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext('%s'))".formatted(name)));
	}

	@Override
	public @Nullable Partitioning getPartitioning() {
		return new PostgreSqlPartitioning();
	}

	@Override
	public @Nullable PrivilegeReader getPrivilegeReader() {
		return new PostgreSqlPrivileges();
	}

	@Override
	public @Nullable JdbcMaintenance getMaintenance() {
		return new PostgreSqlMaintenance();
	}

	@Override
	public JdbcSchemaReader getSchemaReader() {
		return new PostgreSqlSchemaReader();
	}

	@Override
	public @Nullable Replication getReplication() {
		return new PostgreSqlReplication();
	}

	@Override
	public @Nullable ClusterReader getClusterReader() {
		return CLUSTER_READER;
	}

	@Override
	public boolean isFailureOfOtherNode(SQLException failure) {
		return OtherNodeFailures.isFailureOfOtherNode(failure);
	}

	@Override
	public @Nullable Archiver getArchiver() {
		return new PostgreSqlArchiver();
	}

	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return true;
	}

	@Override
	public Map<String, String> getTimeoutProperties(DatabaseConnectionDetails details,
			Map<ServerTimeout, Duration> timeouts) {
		StringJoiner options = new StringJoiner(" ");
		options.add(details.properties().getOrDefault("options", ""));
		// The server uses the last one of several.
		timeouts.forEach((timeout, limit) -> options
			.add(String.format(Locale.ROOT, "-c %s=%d", getVariable(timeout), ServerTimeout.milliseconds(limit))));
		return Map.of("options", options.toString().trim());
	}

	private static String getVariable(ServerTimeout timeout) {
		return switch (timeout) {
			case STATEMENT -> "statement_timeout";
			case LOCK -> "lock_timeout";
			case IDLE_IN_TRANSACTION -> "idle_in_transaction_session_timeout";
		};
	}

	@Override
	public List<String> findDroppedSettings(Connection connection, Map<ServerTimeout, Duration> timeouts,
			boolean readOnly) throws SQLException {
		Map<String, String> session = new HashMap<>();
		SqlQueries.query(connection, LIMITED_SETTINGS, (row) -> session.put(row.getString(1), row.getString(2)));
		List<String> dropped = new ArrayList<>();
		timeouts.forEach((timeout, limit) -> {
			if (!String.valueOf(ServerTimeout.milliseconds(limit)).equals(session.get(getVariable(timeout)))) {
				dropped.add(timeout.getKey());
			}
		});
		if (readOnly && !"on".equals(session.get("transaction_read_only"))) {
			dropped.add("read-only");
		}
		return dropped;
	}

	/**
	 * Servers with the same protocol all report PostgreSQL when a connection is opened;
	 * this function distinguishes them.
	 */
	@Override
	public String readServerVersion(Connection connection) throws SQLException {
		return String.valueOf(SqlQueries.queryForString(connection, "SELECT version()"));
	}

	/**
	 * The driver rejects a connection, for lack of TLS or of a password, under one
	 * SQLState, and so does the server, for its {@code pg_hba.conf} or for the role.
	 */
	@Override
	protected @Nullable FailureReason classifyState(SQLException failure) {
		String message = String.valueOf(failure.getMessage());
		if ("08004".equals(failure.getSQLState())) {
			return message.contains("SSL") ? FailureReason.TLS : FailureReason.AUTHENTICATION;
		}
		if ("28000".equals(failure.getSQLState()) && message.contains("pg_hba.conf")) {
			return FailureReason.NOT_ADMITTED;
		}
		if (message.contains("HostnameVerifier")) {
			return FailureReason.TLS;
		}
		if ("08001".equals(failure.getSQLState()) && failure.getCause() == null) {
			// the limit on the login, unless hosts answered that are not of the kind that
			// is wanted
			return String.valueOf(failure.getMessage()).contains("targetServerType") ? null : FailureReason.UNREACHABLE;
		}
		return super.classifyState(failure);
	}

	@Override
	protected @Nullable ServerTimeout toTimeout(SQLException failure) {
		return "55P03".equals(failure.getSQLState()) ? ServerTimeout.LOCK : null;
	}

	/**
	 * A deadlock and a server that is shutting down have separate codes. If another node
	 * cannot be reached, the connection is not lost.
	 */
	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		if (isFailureOfOtherNode(failure)) {
			return TransactionFailure.OTHER;
		}
		return switch (String.valueOf(failure.getSQLState())) {
			case "40P01" -> TransactionFailure.CONFLICT;
			case "57P01", "57P02", "57P03" -> TransactionFailure.LOST;
			default -> super.classifyTransaction(failure);
		};
	}

	@Override
	public DatabaseConnectionDetails getMaintenanceConnectionDetails(DatabaseConnectionDetails details) {
		return withDatabase(details, getMaintenanceDatabase());
	}

	/**
	 * Returns the name of the database that every server has.
	 * @return the name
	 */
	protected String getMaintenanceDatabase() {
		return "postgres";
	}

	@Override
	public String getCreateDatabaseGrant(String name, String login) {
		return "ALTER ROLE " + login + " CREATEDB";
	}

	@Override
	public List<ConnectionLimit> readConnectionLimits(Connection connection) throws SQLException {
		return PostgreSqlConnectionLimits.read(connection);
	}

	@Override
	public List<String> readSearchPath(Connection connection) throws SQLException {
		return SqlQueries.queryForList(connection, "SELECT unnest(current_schemas(false))");
	}

}
