package io.appdbs.engine;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.Socket;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.appdbs.engine.inspection.H2Inspector;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.H2Maintenance;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.privilege.H2Privileges;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.schema.H2SchemaReader;
import io.appdbs.engine.schema.JdbcSchemaReader;
import io.appdbs.engine.sql.SessionStateDetectors;
import io.appdbs.engine.sql.SqlSyntax;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * H2, in memory, in a file or on a server.
 */
final class H2Engine extends JdbcEngine {

	private static final JdbcInspector INSPECTOR = new H2Inspector();

	private static final Map<ServerTimeout, String> TIMEOUTS = Map.of(ServerTimeout.STATEMENT, "QUERY_TIMEOUT",
			ServerTimeout.LOCK, "LOCK_TIMEOUT");

	private static final String READ_TIMEOUT = "NETWORK_TIMEOUT";

	H2Engine() {
		super("h2", "H2", "org.h2.Driver", "com.h2database:h2");
	}

	@Override
	protected String decode(String text) {
		return text;
	}

	@Override
	protected String addParameter(String url, String name, String value) {
		return url + ";" + name + "=" + value.replaceAll("[\\\\;]", "\\\\$0");
	}

	@Override
	public boolean isAdaptivePoolSupported() {
		return false;
	}

	@Override
	boolean isBackslashEscape() {
		return true;
	}

	@Override
	protected String toDatabase(String path) {
		// Such as 'mem:' and 'file:', but not the drive of a file on Windows.
		return path.replaceFirst("^[a-z]{2,}:", "");
	}

	@Override
	protected @Nullable String toProperty(String parameter) {
		return Stream.concat(TIMEOUTS.values().stream(), Stream.of(READ_TIMEOUT))
			.filter(parameter::equalsIgnoreCase)
			.findFirst()
			.orElse(null);
	}

	/**
	 * The driver lists none.
	 */
	@Override
	protected DriverParameters readDriverParameters(Driver driver, DatabaseConnectionDetails details)
			throws ReflectiveOperationException {
		boolean ignored = details.parameters().keySet().stream().anyMatch("IGNORE_UNKNOWN_SETTINGS"::equalsIgnoreCase);
		return ignored ? DriverParameters.UNKNOWN
				: new DriverParameters(Set.of(), readSettings(driver.getClass().getClassLoader()), true);
	}

	private static Set<String> readSettings(@Nullable ClassLoader classLoader) throws ReflectiveOperationException {
		Set<String> names = new TreeSet<>();
		Field known = ClassUtils.forName("org.h2.engine.ConnectionInfo", classLoader)
			.getDeclaredField("KNOWN_SETTINGS");
		known.setAccessible(true);
		((Set<?>) known.get(null)).forEach((name) -> names.add(String.valueOf(name)));
		Object settings = ClassUtils.forName("org.h2.engine.DbSettings", classLoader).getField("DEFAULT").get(null);
		Map<?, ?> values = (Map<?, ?>) settings.getClass().getMethod("getSettings").invoke(settings);
		values.keySet().forEach((name) -> names.add(String.valueOf(name).toUpperCase(Locale.ROOT)));
		return names;
	}

	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return TIMEOUTS.containsKey(timeout);
	}

	@Override
	public Map<String, String> getTimeoutProperties(DatabaseConnectionDetails details,
			Map<ServerTimeout, Duration> timeouts) {
		Map<String, String> properties = new HashMap<>();
		timeouts.forEach((timeout, limit) -> properties.put(TIMEOUTS.getOrDefault(timeout, ""),
				String.valueOf(ServerTimeout.milliseconds(limit))));
		return properties;
	}

	@Override
	public Map<String, String> getReadTimeoutProperties(Duration timeout) {
		return Map.of(READ_TIMEOUT, String.valueOf(ServerTimeout.milliseconds(timeout)));
	}

	/**
	 * The driver does not abort connections, and waits for the server when it closes one.
	 */
	@Override
	public void abort(Connection connection) throws SQLException {
		try {
			Object session = connection.getClass().getMethod("getSession").invoke(connection);
			for (Object transfer : readTransfers(session)) {
				((Socket) transfer.getClass().getMethod("getSocket").invoke(transfer)).close();
			}
		}
		catch (ReflectiveOperationException | IOException ex) {
			super.abort(connection);
		}
	}

	/**
	 * Returns the objects that have the sockets. A session that is not remote has none. A
	 * closed connection has no session.
	 */
	private static List<?> readTransfers(@Nullable Object session) throws ReflectiveOperationException {
		if (session == null) {
			return List.of();
		}
		Field field = ReflectionUtils.findField(session.getClass(), "transferList");
		if (field == null) {
			return List.of();
		}
		field.setAccessible(true);
		List<?> transfers = (List<?>) field.get(session);
		return (transfers != null) ? List.copyOf(transfers) : List.of();
	}

	@Override
	public JdbcSchemaReader getSchemaReader() {
		return new H2SchemaReader();
	}

	@Override
	public SqlSyntax getSqlSyntax() {
		return SqlSyntax.H2;
	}

	@Override
	public PrivilegeReader getPrivilegeReader() {
		return new H2Privileges();
	}

	@Override
	public JdbcMaintenance getMaintenance() {
		return new H2Maintenance();
	}

	@Override
	public boolean isQueryTimeoutOfConnection() {
		return true;
	}

	@Override
	public boolean isSessionChange(String sql) {
		return SessionStateDetectors.H2.isIn(sql);
	}

	@Override
	public JdbcInspector getInspector() {
		return INSPECTOR;
	}

	@Override
	public String getHibernateDialect() {
		return "org.hibernate.dialect.H2Dialect";
	}

	@Override
	public String getDataJdbcDialect() {
		return "org.springframework.data.jdbc.core.dialect.JdbcH2Dialect";
	}

	@Override
	public String getJooqDialect() {
		return "H2";
	}

	/**
	 * Conflicts are a lock that was not granted in time, and a row that another
	 * transaction has changed.
	 */
	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 50200, 90131 -> TransactionFailure.CONFLICT;
			default -> super.classifyTransaction(failure);
		};
	}

	@Override
	public @Nullable String getCreateDatabaseStatement(String name) {
		return null;
	}

}
