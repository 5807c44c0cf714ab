package io.appdbs.engine;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

import io.appdbs.engine.ConnectionLimit.Scope;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.inspection.mysql.MySqlInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.maintenance.MySqlMaintenance;
import io.appdbs.engine.partition.MySqlPartitioning;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.MySqlPrivileges;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.MySqlReplication;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.engine.schema.MySqlSchemaReader;
import io.appdbs.engine.sql.SessionStateDetectors;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.engine.url.ParameterValue;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * MySQL. Its statement timeout applies only to statements that read. Engines with its
 * protocol extend this class.
 */
public class MySqlEngine extends JdbcEngine {

	private static final JdbcInspector INSPECTOR = new MySqlInspector();

	private static final Set<String> SSL_MODE = Set.of("ssl-mode", "ssl_mode", "sslmode");

	/** Number of attempts of the drivers to reach the servers of a URL. */
	private static final String RETRIES = "retriesAllDown";

	private static final Set<String> PROPERTIES = Set.of("sessionVariables", "connectTimeout", "socketTimeout",
			RETRIES);

	/**
	 * Parameters that the driver accepts in upper and lower case (see
	 * {@code com.mysql.cj.conf.PropertyKey}).
	 */
	private static final Set<String> ANY_CASE = Set.of("user", "password", "host", "port", "protocol", "path",
			"namedPipePath", "type", "address", "priority", "dbname", "paranoid");

	MySqlEngine() {
		this("mysql", "MySQL");
	}

	/**
	 * Creates a new {@link MySqlEngine} of a server with the same protocol and driver.
	 * @param id the identifier
	 * @param displayName the name that messages use
	 */
	protected MySqlEngine(String id, String displayName) {
		this(id, displayName, "com.mysql.cj.jdbc.Driver", "com.mysql:mysql-connector-j");
	}

	MySqlEngine(String id, String displayName, String driverClassName, String driverCoordinates) {
		super(id, displayName, driverClassName, driverCoordinates);
	}

	@Override
	public boolean isOperatingSystemUserDefault() {
		return true;
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of(getId(), "jdbc:" + getId());
	}

	@Override
	protected int getDefaultPort() {
		return 3306;
	}

	@Override
	public String getHibernateDialect() {
		return "org.hibernate.dialect.MySQLDialect";
	}

	@Override
	public String getDataJdbcDialect() {
		return "org.springframework.data.jdbc.core.dialect.JdbcMySqlDialect";
	}

	@Override
	public String getJooqDialect() {
		return "MYSQL";
	}

	@Override
	protected Map<String, String> translateParameter(String name, String value) {
		if (!SSL_MODE.contains(name)) {
			return Map.of(name, value);
		}
		String mode = value.toUpperCase(Locale.ROOT).replace('-', '_');
		return Map.of("sslMode", ParameterValue.translate(name, mode, getSslModes()));
	}

	/**
	 * Returns the driver's TLS modes by the modes of MySQL's clients.
	 * @return the modes
	 */
	Map<String, String> getSslModes() {
		return Map.of("DISABLED", "DISABLED", "PREFERRED", "PREFERRED", "REQUIRED", "REQUIRED", "VERIFY_CA",
				"VERIFY_CA", "VERIFY_IDENTITY", "VERIFY_IDENTITY");
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
		// The driver of MySQL would ignore another case of the name.
		return PROPERTIES.stream().filter(parameter::equalsIgnoreCase).findFirst().orElse(null);
	}

	/**
	 * Reads the enum of the driver, which has the alternative names of parameters, too,
	 * and is much faster than the list of the driver.
	 */
	@Override
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails details) throws Exception {
		Class<?> keys = ClassUtils.forName("com.mysql.cj.conf.PropertyKey", driver.getClass().getClassLoader());
		Set<String> names = new HashSet<>();
		for (Object key : keys.getEnumConstants()) {
			names.add(key.toString());
			Object alias = keys.getMethod("getCcAlias").invoke(key);
			if (alias != null) {
				names.add(alias.toString());
			}
		}
		names.removeIf((name) -> name.startsWith("xdevapi"));
		return new DriverParameters(names, ANY_CASE, true);
	}

	/**
	 * Parameters of version 5 of the driver for Unicode and dates.
	 */
	@Override
	public Set<String> getObsoleteParameters() {
		return Set.of("useUnicode", "useLegacyDatetimeCode", "useJDBCCompliantTimezoneShift", "useTimezone",
				"useGmtMillisForDatetimes", "useSSPSCompatibleTimezoneShift", "useFastDateParsing", "useFastIntParsing",
				"useDynamicCharsetInfo", "useJvmCharsetConverters");
	}

	/**
	 * With another mode, the driver would read certificates from files, or continue
	 * without TLS. The socket factory verifies the certificate.
	 */
	@Override
	public Map<String, String> getSslProperties(String key, boolean hostNameVerified) {
		return Map.of("sslMode", "REQUIRED", "socketFactory", "io.appdbs.ssl.driver.MySqlSocketFactory", SSL_KEY, key);
	}

	@Override
	public Set<String> getSslParameters() {
		return Set.of("sslMode", "useSSL", "requireSSL", "verifyServerCertificate", "trustCertificateKeyStoreUrl",
				"trustCertificateKeyStoreType", "trustCertificateKeyStorePassword", "clientCertificateKeyStoreUrl",
				"clientCertificateKeyStoreType", "clientCertificateKeyStorePassword", "fallbackToSystemTrustStore",
				"fallbackToSystemKeyStore", "sslContextProvider", "tlsCiphersuites", "enabledSSLCipherSuites",
				"tlsVersions", "enabledTLSProtocols", "socketFactory", SSL_KEY);
	}

	@Override
	public Map<String, String> getConnectTimeoutProperties(Duration timeout) {
		return Map.of("connectTimeout", String.valueOf(ServerTimeout.milliseconds(timeout)));
	}

	@Override
	public Map<String, String> getReadTimeoutProperties(Duration timeout) {
		return Map.of("socketTimeout", String.valueOf(ServerTimeout.milliseconds(timeout)));
	}

	/**
	 * By default, if a URL has several servers or a mode such as {@code sequential:}, the
	 * drivers try the servers 120 times with pauses of 250 ms, even to validate a
	 * connection.
	 */
	@Override
	public Map<String, String> getDefaultProperties(DatabaseConnectionDetails details) {
		int servers = details.hosts().size();
		return (servers == 1 && details.url().startsWith(getJdbcPrefix() + "//")) ? Map.of()
				: Map.of(RETRIES, String.valueOf(2 * servers));
	}

	@Override
	public boolean isSessionChange(String sql) {
		return SessionStateDetectors.MYSQL.isIn(sql);
	}

	@Override
	public SqlSyntax getSqlSyntax() {
		return SqlSyntax.MYSQL;
	}

	/**
	 * Locks belong to the server, and their names have at most 64 characters.
	 */
	@Override
	public boolean tryLock(Connection connection, String name) throws SQLException {
		return "1".equals(SqlQueries.queryForString(connection,
				"SELECT GET_LOCK(CONCAT('%s.', LEFT(SHA2(DATABASE(), 256), 16)), 0)".formatted(name)));
	}

	@Override
	public @Nullable Partitioning getPartitioning() {
		return new MySqlPartitioning();
	}

	@Override
	public @Nullable PrivilegeReader getPrivilegeReader() {
		return new MySqlPrivileges();
	}

	@Override
	public @Nullable JdbcMaintenance getMaintenance() {
		return new MySqlMaintenance(false);
	}

	@Override
	public JdbcSchemaReader getSchemaReader() {
		return new MySqlSchemaReader();
	}

	@Override
	public @Nullable Replication getReplication() {
		return new MySqlReplication();
	}

	@Override
	public JdbcInspector getInspector() {
		return INSPECTOR;
	}

	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return timeout != ServerTimeout.IDLE_IN_TRANSACTION;
	}

	@Override
	public Map<String, String> getTimeoutProperties(DatabaseConnectionDetails details,
			Map<ServerTimeout, Duration> timeouts) {
		StringJoiner variables = new StringJoiner(",");
		if (details.properties().containsKey("sessionVariables")) {
			variables.add(details.properties().get("sessionVariables"));
		}
		// The server uses the last one of several.
		timeouts.forEach((timeout, limit) -> variables.add(getTimeoutVariable(timeout, limit)));
		return Map.of("sessionVariables", variables.toString());
	}

	@Override
	public List<String> findDroppedSettings(Connection connection, Map<ServerTimeout, Duration> timeouts,
			boolean readOnly) throws SQLException {
		if (timeouts.isEmpty()) {
			return List.of();
		}
		StringJoiner comparisons = new StringJoiner(", @@", "SELECT @@", "");
		timeouts.forEach((timeout, limit) -> comparisons.add(getTimeoutVariable(timeout, limit)));
		return SqlQueries.queryForRow(connection, comparisons.toString(), (row) -> {
			List<String> dropped = new ArrayList<>();
			int column = 1;
			for (ServerTimeout timeout : timeouts.keySet()) {
				if (!"1".equals(row.getString(column++))) {
					dropped.add(timeout.getKey());
				}
			}
			return dropped;
		});
	}

	/**
	 * Returns the session variable for a limit.
	 * @param timeout the kind of limit
	 * @param limit the limit, positive
	 * @return the variable as {@code name=value}
	 */
	String getTimeoutVariable(ServerTimeout timeout, Duration limit) {
		return (timeout == ServerTimeout.LOCK) ? "innodb_lock_wait_timeout=" + ServerTimeout.wholeSeconds(limit)
				: "max_execution_time=" + ServerTimeout.milliseconds(limit);
	}

	@Override
	public boolean isRefusedByReadOnlyServer(SQLException failure) {
		return MySqlErrorCodes.isReadOnly(failure);
	}

	@Override
	public @Nullable String getReadOnlyQuery() {
		return "SELECT @@GLOBAL.read_only";
	}

	@Override
	public @Nullable String readServerAudit(Connection connection) throws SQLException {
		return ServerAudits.readPlugin(connection);
	}

	/**
	 * The driver of MySQL reports MySQL for any server.
	 */
	@Override
	public String readServerVersion(Connection connection) throws SQLException {
		String version = String.valueOf(SqlQueries.queryForString(connection, "SELECT VERSION()"));
		return (version.contains("MariaDB") ? "MariaDB " : "MySQL ") + version;
	}

	@Override
	public String getCreateDatabaseStatement(String name) {
		return "CREATE DATABASE `" + name.replace("`", "``") + "`";
	}

	@Override
	public @Nullable DatabaseConnectionDetails getMaintenanceConnectionDetails(DatabaseConnectionDetails details) {
		return withDatabase(details, null);
	}

	@Override
	public CreateDatabaseFailure classifyCreateDatabase(SQLException failure) {
		return MySqlErrorCodes.toCreateDatabaseFailure(failure);
	}

	@Override
	public String getCreateDatabaseGrant(String name, String login) {
		// In a GRANT, these two characters are wildcards.
		String pattern = name.replace("`", "``").replace("_", "\\_").replace("%", "\\%");
		return "GRANT ALL ON `" + pattern + "`.* TO " + login;
	}

	@Override
	public List<ConnectionLimit> readConnectionLimits(Connection connection) throws SQLException {
		return SqlQueries.queryForRow(connection, "SELECT @@max_connections, @@max_user_connections", (row) -> {
			List<ConnectionLimit> limits = new ArrayList<>();
			limits.add(limit(row.getInt(1), Scope.SERVER, "max_connections"));
			if (row.getInt(2) > 0) {
				limits.add(limit(row.getInt(2), Scope.LOGIN, "max_user_connections"));
			}
			return limits;
		});
	}

	private static ConnectionLimit limit(int connections, Scope scope, String setting) {
		return new ConnectionLimit(connections, scope, setting, setting + " " + connections);
	}

	@Override
	protected @Nullable FailureReason classifyState(SQLException failure) {
		return MySqlErrorCodes.toReason(failure);
	}

	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return MySqlErrorCodes.isConflict(failure) ? TransactionFailure.CONFLICT : super.classifyTransaction(failure);
	}

	@Override
	protected @Nullable ServerTimeout toTimeout(SQLException failure) {
		return MySqlErrorCodes.toTimeout(failure);
	}

}
