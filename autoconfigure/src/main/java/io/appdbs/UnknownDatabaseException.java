package io.appdbs;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Thrown when a database is asked for by a name that is not below {@code app.dbs}.
 */
public class UnknownDatabaseException extends RuntimeException {

	private final String name;

	/**
	 * Create a new {@link UnknownDatabaseException}.
	 * @param name the name that was asked for
	 * @param knownNames the names that would have been found
	 */
	public UnknownDatabaseException(String name, Collection<String> knownNames) {
		super("No database named '%s'. Known: %s.".formatted(name,
				knownNames.isEmpty() ? "none" : knownNames.stream().collect(Collectors.joining(", "))));
		this.name = name;
	}

	/**
	 * Return the name that was asked for.
	 * @return the unknown name
	 */
	public String getName() {
		return this.name;
	}

}
