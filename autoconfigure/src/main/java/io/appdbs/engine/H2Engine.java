package io.appdbs.engine;

import java.lang.reflect.Field;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * H2, in memory, in a file or on a server.
 */
final class H2Engine extends JdbcEngine {

	private static final Map<ServerTimeout, String> TIMEOUTS = Map.of(ServerTimeout.STATEMENT, "QUERY_TIMEOUT",
			ServerTimeout.LOCK, "LOCK_TIMEOUT");

	/** A temporary table is shared by all sessions unless it is declared to be local. */
	private static final SessionChanges SESSION_CHANGES = new SessionChanges("local|transaction|constraints",
			"create (?:(?:cached|memory) )?local temp(?:orary)?", List.of());

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
		return TIMEOUTS.values().stream().filter(parameter::equalsIgnoreCase).findFirst().orElse(null);
	}

	/**
	 * The driver lists none.
	 */
	@Override
	protected DriverParameters readDriverParameters(Driver driver, ConnectionTarget target) {
		boolean ignored = target.parameters().keySet().stream().anyMatch("IGNORE_UNKNOWN_SETTINGS"::equalsIgnoreCase);
		return ignored ? DriverParameters.UNKNOWN
				: new DriverParameters(Set.of(), readSettings(driver.getClass().getClassLoader()), true);
	}

	private static Set<String> readSettings(@Nullable ClassLoader classLoader) {
		try {
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
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("The settings of H2 cannot be read", ex);
		}
	}

	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return TIMEOUTS.containsKey(timeout);
	}

	@Override
	public Map<String, String> getTimeoutProperties(ConnectionTarget target, Map<ServerTimeout, Duration> timeouts) {
		Map<String, String> properties = new HashMap<>();
		timeouts.forEach((timeout, limit) -> properties.put(TIMEOUTS.getOrDefault(timeout, ""),
				String.valueOf(milliseconds(limit))));
		return properties;
	}

	@Override
	public String getHibernateDialect() {
		return "org.hibernate.dialect.H2Dialect";
	}

	@Override
	public String getDataJdbcDialect() {
		return "org.springframework.data.jdbc.core.dialect.JdbcH2Dialect";
	}

	/**
	 * A lock that was not got in time, and a row that another transaction has changed.
	 */
	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 50200, 90131 -> TransactionFailure.CONFLICT;
			default -> super.classifyTransaction(failure);
		};
	}

	@Override
	public boolean isSessionChange(String sql) {
		return SESSION_CHANGES.isIn(sql);
	}

	@Override
	public @Nullable String getCreateDatabaseStatement(String name) {
		return null;
	}

}
