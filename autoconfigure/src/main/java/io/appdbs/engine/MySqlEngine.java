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
import io.appdbs.engine.sql.SessionStateDetector;
import io.appdbs.engine.sql.SessionStateDetector.Rules;
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

	/** What the drivers have no code for. Neither translates its messages. */
	private static final List<String> TLS_MESSAGES = List.of("SSL Connection required", "ssl not enabled in the server",
			"SSL hostname verification failed");

	/**
	 * {@code SET TRANSACTION} is for the next transaction, whoever begins that.
	 */
	private static final SessionStateDetector SESSION_CHANGES = new SessionStateDetector(SqlSyntax.MYSQL,
			new Rules(
					"(?!.* ,)(?:global|@ @ global|persist|persist_only|@ @ persist|@ @ persist_only)"
							+ "|password|default role|statement",
					"use|prepare|execute immediate|handler|create (?:or replace )?temporary|xa (?:start|begin)"
							+ "|lock (?:tables?|instance)|backup (?:stage|lock)"
							+ "|flush (?:(?:local|no_write_to_binlog) )?tables? (?:.* )?(?:with read lock|for export)"
							+ "|(?:call|load (?:data|xml)|get (?:(?:current|stacked) )?diagnostics) .*@",
					": =| into (?:\\S+ , )*@|\\b(?:get_lock|service_get_(?:read|write)_locks) \\(",
					List.of("get_lock", "service_get_"), ":@"));

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
		return Map.of("connectTimeout", String.valueOf(milliseconds(timeout)));
	}

	@Override
	public Map<String, String> getReadTimeoutProperties(Duration timeout) {
		return Map.of("socketTimeout", String.valueOf(milliseconds(timeout)));
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
		return SESSION_CHANGES.isIn(sql);
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
		return (timeout == ServerTimeout.LOCK) ? "innodb_lock_wait_timeout=" + wholeSeconds(limit)
				: "max_execution_time=" + milliseconds(limit);
	}

	/**
	 * By the code of the option {@code --read-only}, which other options share, or of the
	 * transaction.
	 */
	@Override
	public boolean isRefusedByReadOnlyServer(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 1290 -> String.valueOf(failure.getMessage()).contains("read-only")
					|| String.valueOf(failure.getMessage()).contains("read_only");
			case 1792, 1836 -> true;
			default -> false;
		};
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
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT VERSION()")) {
			result.next();
			String version = result.getString(1);
			return (version.contains("MariaDB") ? "MariaDB " : "MySQL ") + version;
		}
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
		return switch (failure.getErrorCode()) {
			case 1007 -> CreateDatabaseFailure.EXISTS;
			case 1044, 1227 -> CreateDatabaseFailure.NOT_ALLOWED;
			default -> CreateDatabaseFailure.OTHER;
		};
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

	/**
	 * By the <a href=
	 * "https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">error
	 * codes</a> that MySQL and MariaDB share. Their SQLStates say less: the one of a
	 * refused login is that of a missing right, too.
	 */
	@Override
	protected @Nullable FailureReason classifyState(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 1040, 1203 -> FailureReason.TOO_MANY_CONNECTIONS;
			case 1044, 1049 -> FailureReason.DATABASE_MISSING;
			case 1226 -> isAboutConnections(failure) ? FailureReason.TOO_MANY_CONNECTIONS : null;
			case 1129, 1130 -> FailureReason.NOT_ADMITTED;
			case 1045, 1698 -> FailureReason.AUTHENTICATION;
			case 1820, 1862, 3118, 3955, 4150, 4151 -> FailureReason.LOGIN_LOCKED;
			case 1053 -> FailureReason.NOT_READY;
			case 3159 -> FailureReason.TLS;
			default -> isAboutTls(failure) ? FailureReason.TLS : null;
		};
	}

	/**
	 * A deadlock, and a lock that was not got in time. The latter rolls back the
	 * statement alone.
	 */
	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 1205, 1213 -> TransactionFailure.CONFLICT;
			default -> super.classifyTransaction(failure);
		};
	}

	@Override
	protected @Nullable ServerTimeout toTimeout(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 3024 -> ServerTimeout.STATEMENT;
			case 1205, 3572 -> ServerTimeout.LOCK;
			default -> null;
		};
	}

	/**
	 * A login may also have used up what it may do in an hour.
	 */
	private static boolean isAboutConnections(SQLException failure) {
		return String.valueOf(failure.getMessage()).contains("max_user_connections");
	}

	private static boolean isAboutTls(SQLException failure) {
		String message = String.valueOf(failure.getMessage());
		return TLS_MESSAGES.stream().anyMatch(message::contains);
	}

}
