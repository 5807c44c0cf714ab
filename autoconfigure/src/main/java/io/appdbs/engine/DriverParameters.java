package io.appdbs.engine;

import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

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
