package io.appdbs.mongo.migration;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The name of a migration, in the format of Flyway.
 *
 * @param version the version or {@code null} if the migration is repeatable
 * @param description the description
 */
record MigrationName(@Nullable MigrationVersion version, String description) {

	private static final String SEPARATOR = "__";

	private static final Pattern SIMILAR = Pattern.compile("[vV]?[-_. ]*(\\d+(?:[._]\\d+)*)[-_. ]*(.*)");

	private static final Pattern SIMILAR_REPEATABLE = Pattern.compile("[rR][-_. ]+(.*)");

	/**
	 * Parses a name.
	 * @param name the name, for example {@code V2_1__add_prices}
	 * @return the name or {@code null} if it is malformed
	 */
	static @Nullable MigrationName parse(String name) {
		int separator = name.indexOf(SEPARATOR);
		String description = (separator > 0) ? name.substring(separator + SEPARATOR.length()).replace('_', ' ').strip()
				: "";
		if (description.isEmpty()) {
			return null;
		}
		String prefix = name.substring(0, separator);
		if (prefix.equals("R")) {
			return new MigrationName(null, description);
		}
		MigrationVersion version = prefix.startsWith("V") ? MigrationVersion.parse(prefix.substring(1)) : null;
		return (version != null) ? new MigrationName(version, description) : null;
	}

	/**
	 * Returns a valid name that is similar to a malformed one.
	 */
	static String suggest(String name) {
		Matcher repeatable = SIMILAR_REPEATABLE.matcher(name);
		if (repeatable.matches()) {
			return "R" + SEPARATOR + describe(repeatable.group(1));
		}
		Matcher versioned = SIMILAR.matcher(name);
		return versioned.matches() ? "V" + versioned.group(1) + SEPARATOR + describe(versioned.group(2))
				: "V1" + SEPARATOR + describe(name);
	}

	private static String describe(String text) {
		String description = text.replaceAll("^[-_. ]+", "");
		return description.isEmpty() ? "description" : description;
	}

	/**
	 * Returns the name of the class of a migration.
	 * @throws MigrationException if it is malformed
	 */
	static MigrationName of(MongoMigration migration) {
		String className = ClassUtils.getUserClass(migration).getSimpleName();
		MigrationName name = parse(className);
		if (name == null) {
			throw new MigrationException(
					"the class name '%s' has no version and description"
						.formatted(className.isEmpty() ? ClassUtils.getUserClass(migration).getName() : className),
					"Name the class like 'V2__Add_prices', or override getVersion() and getDescription().", null);
		}
		return name;
	}

	/**
	 * Returns the key of the migration in the history.
	 */
	String id() {
		return (this.version != null) ? this.version.toString() : "R" + SEPARATOR + this.description.replace(' ', '_');
	}

	@Override
	public String toString() {
		return (this.version != null) ? "version " + this.version
				: "the repeatable migration '%s'".formatted(this.description);
	}

}
