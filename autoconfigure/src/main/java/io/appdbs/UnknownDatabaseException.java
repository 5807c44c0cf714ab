package io.appdbs;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a database is asked for by a name that is not below {@code app.dbs}, or
 * that of a disabled database.
 */
public class UnknownDatabaseException extends RuntimeException {

	private final String name;

	/**
	 * Create a new {@link UnknownDatabaseException}.
	 * @param name the name that was asked for
	 * @param knownNames the names that would have been found
	 */
	public UnknownDatabaseException(String name, Collection<String> knownNames) {
		this(name, knownNames, null);
	}

	/**
	 * Create a new {@link UnknownDatabaseException}.
	 * @param name the name that was asked for
	 * @param knownNames the names that would have been found
	 * @param disabled why the database is disabled, in sentences, or {@code null} if
	 * there is no such database
	 */
	public UnknownDatabaseException(String name, Collection<String> knownNames, @Nullable String disabled) {
		super(((disabled != null) ? "Database '%s' is disabled: %s".formatted(name, disabled)
				: "No database named '%s'. Known: %s.".formatted(name,
						knownNames.isEmpty() ? "none" : String.join(", ", knownNames))));
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
