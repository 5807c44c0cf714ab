package io.appdbs.engine;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

import io.appdbs.engine.ConnectionLimit.Scope;
import io.appdbs.engine.replication.MySqlReplication;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.sql.SessionStateDetectors;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.engine.url.ParameterValue;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * MySQL. Its limit on the time of a statement is one on reading statements.
 */
class MySqlEngine extends JdbcEngine {

	private static final Set<String> SSL_MODE = Set.of("ssl-mode", "ssl_mode", "sslmode");

	/** How often the drivers try all servers of a URL when none answers. */
	private static final String RETRIES = "retriesAllDown";

	private static final Set<String> PROPERTIES = Set.of("sessionVariables", "connectTimeout", "socketTimeout",
			RETRIES);

	/**
	 * What the driver takes in any case (see {@code com.mysql.cj.conf.PropertyKey}).
	 */
	private static final Set<String> ANY_CASE = Set.of("user", "password", "host", "port", "protocol", "path",
			"namedPipePath", "type", "address", "priority", "dbname", "paranoid");

	MySqlEngine() {
		this("mysql", "MySQL", "com.mysql.cj.jdbc.Driver", "com.mysql:mysql-connector-j");
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
	protected Map<String, String> translateParameter(String name, String value) {
		if (!SSL_MODE.contains(name)) {
			return Map.of(name, value);
		}
		String mode = value.toUpperCase(Locale.ROOT).replace('-', '_');
		return Map.of("sslMode", ParameterValue.translate(name, mode, getSslModes()));
	}

	/**
	 * Return the driver's TLS modes by the modes of MySQL's clients.
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
		// The driver of MySQL would ignore another case.
		return PROPERTIES.stream().filter(parameter::equalsIgnoreCase).findFirst().orElse(null);
	}

	/**
	 * From the enum of the driver, which knows other names of the parameters as well, and
	 * is much faster than what the driver lists.
	 */
	@Override
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails target) throws Exception {
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
	 * What version 5 of the driver had for Unicode and dates.
	 */
	@Override
	public Set<String> getObsoleteParameters() {
		return Set.of("useUnicode", "useLegacyDatetimeCode", "useJDBCCompliantTimezoneShift", "useTimezone",
				"useGmtMillisForDatetimes", "useSSPSCompatibleTimezoneShift", "useFastDateParsing", "useFastIntParsing",
				"useDynamicCharsetInfo", "useJvmCharsetConverters");
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
	 * By default the drivers try the servers of a URL with several, or with a mode such
	 * as {@code sequential:}, 120 times with pauses of 250 ms, also where they only
	 * validate a connection.
	 */
	@Override
	public Map<String, String> getDefaultProperties(DatabaseConnectionDetails target) {
		int servers = target.hosts().size();
		return (servers == 1 && target.url().startsWith(getJdbcPrefix() + "//")) ? Map.of()
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

	@Override
	public @Nullable Replication getReplication() {
		return new MySqlReplication();
	}

	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return timeout != ServerTimeout.IDLE_IN_TRANSACTION;
	}

	@Override
	public Map<String, String> getTimeoutProperties(DatabaseConnectionDetails target,
			Map<ServerTimeout, Duration> timeouts) {
		StringJoiner variables = new StringJoiner(",");
		if (target.properties().containsKey("sessionVariables")) {
			variables.add(target.properties().get("sessionVariables"));
		}
		// The server takes the last of several.
		timeouts.forEach((timeout, limit) -> variables.add(getTimeoutVariable(timeout, limit)));
		return Map.of("sessionVariables", variables.toString());
	}

	/**
	 * Return the session variable for a limit.
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
	public String getReadOnlyQuery() {
		return "SELECT @@GLOBAL.read_only";
	}

	/**
	 * The driver of MySQL says MySQL of any server.
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
	public DatabaseConnectionDetails getMaintenanceTarget(DatabaseConnectionDetails target) {
		return withDatabase(target, null);
	}

	@Override
	public CreateDatabaseFailure classifyCreateDatabase(SQLException failure) {
		return MySqlErrorCodes.toCreateDatabaseFailure(failure);
	}

	@Override
	public String getCreateDatabaseGrant(String name, String login) {
		// In a GRANT these two stand for any characters.
		String pattern = name.replace("`", "``").replace("_", "\\_").replace("%", "\\%");
		return "GRANT ALL ON `" + pattern + "`.* TO " + login;
	}

	@Override
	public List<ConnectionLimit> readConnectionLimits(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT @@max_connections, @@max_user_connections")) {
			result.next();
			List<ConnectionLimit> limits = new ArrayList<>();
			limits.add(limit(result.getInt(1), Scope.SERVER, "max_connections"));
			if (result.getInt(2) > 0) {
				limits.add(limit(result.getInt(2), Scope.LOGIN, "max_user_connections"));
			}
			return limits;
		}
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
