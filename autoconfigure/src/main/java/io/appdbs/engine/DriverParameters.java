package io.appdbs.engine;

import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * The parameters that a driver accepts in its URL and as properties of a connection.
 *
 * @param names the parameters whose case is significant
 * @param anyCase the parameters whose case is not significant
 * @param complete whether the driver accepts no other parameters; otherwise only names
 * that are similar to one of these are treated as typos
 */
public record DriverParameters(Set<String> names, Set<String> anyCase, boolean complete) {

	/**
	 * Unknown parameters: every name is accepted.
	 */
	public static final DriverParameters UNKNOWN = new DriverParameters(Set.of(), Set.of(), false);

	public DriverParameters {
		names = Set.copyOf(names);
		TreeSet<String> inAnyCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		inAnyCase.addAll(anyCase);
		anyCase = Collections.unmodifiableSet(inAnyCase);
	}

	/**
	 * Reads the parameters of the driver of an engine.
	 * @param engine the engine
	 * @param details where the database is, or {@code null} if that is not known yet
	 * @param classLoader the class loader that has the driver
	 * @return the parameters, {@link #UNKNOWN} if the driver cannot be loaded
	 */
	static DriverParameters read(JdbcEngine engine, @Nullable DatabaseConnectionDetails details,
			@Nullable ClassLoader classLoader) {
		DatabaseConnectionDetails where = (details != null) ? details : new DatabaseConnectionDetails(
				engine.getJdbcPrefix() + "//localhost/", List.of(), null, null, null, Map.of());
		try {
			Class<?> driver = ClassUtils.forName(engine.getDriverClassName(), classLoader);
			return engine.readDriverParameters(BeanUtils.instantiateClass(driver, Driver.class), where);
		}
		catch (Exception | LinkageError ex) {
			// a failure to connect reports the problem of the driver
			return UNKNOWN;
		}
	}

	/**
	 * Returns the parameters that a driver lists.
	 * @param driver the driver
	 * @param details where the database is
	 * @return the names
	 * @throws SQLException if the driver cannot list them
	 * @see Driver#getPropertyInfo(String, Properties)
	 */
	public static Set<String> listedBy(Driver driver, DatabaseConnectionDetails details) throws SQLException {
		// Without parameters, because the driver would reject an invalid value of one of
		// them.
		DriverPropertyInfo[] listed = driver.getPropertyInfo(details.head(), new Properties());
		return Stream.of(listed).map((info) -> info.name).collect(Collectors.toSet());
	}

	/**
	 * Returns whether the driver accepts a parameter.
	 * @param name the name of the parameter as it is written
	 * @return whether the parameter is one of these
	 */
	public boolean contains(String name) {
		return this.names.contains(name) || this.anyCase.contains(name);
	}

	/**
	 * Returns the names of all parameters.
	 * @return the names in their alphabetical order
	 */
	public Set<String> all() {
		Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()));
		all.addAll(this.names);
		all.addAll(this.anyCase);
		return all;
	}

}
