package io.appdbs.engine;

import java.sql.Driver;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * The parameters that a driver takes in its URL and as properties of a connection.
 *
 * @param names the parameters that have to be spelled like this
 * @param anyCase the parameters whose names can have upper or lower case
 * @param complete whether the driver takes no other parameters; otherwise only names that
 * are nearly equal to one of these are treated as typos
 */
public record DriverParameters(Set<String> names, Set<String> anyCase, boolean complete) {

	/**
	 * Parameters of which nothing is known, so that every name is accepted.
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
	 * Return whether the driver takes a parameter.
	 * @param name the name of the parameter as it is written
	 * @return whether the parameter is one of these
	 */
	public boolean contains(String name) {
		return this.names.contains(name) || this.anyCase.contains(name);
	}

	/**
	 * Return the names of all parameters.
	 * @return the names in their alphabetical order
	 */
	public Set<String> all() {
		Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()));
		all.addAll(this.names);
		all.addAll(this.anyCase);
		return all;
	}

}
