package io.appdbs;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no database of a name below {@code app.dbs}, or the database is
 * disabled.
 */
public class UnknownDatabaseException extends RuntimeException {

	private final String name;

	/**
	 * Creates a new {@link UnknownDatabaseException}.
	 * @param name the unknown name
	 * @param knownNames the known names
	 */
	public UnknownDatabaseException(String name, Collection<String> knownNames) {
		this(name, knownNames, null);
	}

	/**
	 * Creates a new {@link UnknownDatabaseException}.
	 * @param name the unknown name
	 * @param knownNames the known names
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
	 * Returns the unknown name.
	 * @return the unknown name
	 */
	public String getName() {
		return this.name;
	}

}
