package io.appdbs;

import java.util.Collection;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no database of a name below {@code app.dbs}, or the database is
 * disabled.
 */
public class UnknownDatabaseException extends RuntimeException {

	private static final int MOST_NAMES = 100;

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
				: "No database named '%s'. Known: %s.".formatted(name, describe(knownNames))));
		this.name = name;
	}

	private static String describe(Collection<String> names) {
		if (names.isEmpty()) {
			return "none";
		}
		String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
		return (names.size() > MOST_NAMES) ? "%s and %d more".formatted(first, names.size() - MOST_NAMES) : first;
	}

	/**
	 * Returns the unknown name.
	 * @return the unknown name
	 */
	public String getName() {
		return this.name;
	}

}
