package io.appdbs.settings;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.engine.schema.SchemaMetaData;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for names of tables: a {@link TableName} that has {@code *} for any
 * characters, outside of quotes.
 *
 * @param schema the pattern for the schema as written, or {@code null}
 * @param table the pattern for the table as written
 */
public record TablePattern(@Nullable String schema, String table) {

	private static final Pattern PATTERN = Pattern
		.compile("(?:(%1$s)\\.)?(%1$s)".formatted("(?:[\\p{L}_*][\\p{L}\\p{N}_$*]*|\"(?:[^\"]|\"\")+\")"));

	/**
	 * Parses a pattern.
	 * @param pattern the pattern
	 * @return the parsed pattern or {@code null} if it is malformed
	 */
	public static @Nullable TablePattern parse(String pattern) {
		Matcher matcher = PATTERN.matcher(pattern);
		return matcher.matches() ? new TablePattern(matcher.group(1), matcher.group(2)) : null;
	}

	/**
	 * Returns whether more than one table can match.
	 * @return whether there is a {@code *} outside of quotes
	 */
	public boolean hasWildcard() {
		return isWildcard(this.table) || (this.schema != null && isWildcard(this.schema));
	}

	private static boolean isWildcard(String part) {
		return !part.startsWith("\"") && part.contains("*");
	}

	/**
	 * Returns whether a table matches.
	 * @param schemaName the schema in the catalogue
	 * @param tableName the name in the catalogue
	 * @param searchPath the schemas of a pattern that has none
	 * @param metaData metadata that has the case in which the engine stores names
	 * @return whether it matches
	 * @throws SQLException if the driver does not report it
	 */
	public boolean matches(String schemaName, String tableName, Collection<String> searchPath,
			DatabaseMetaData metaData) throws SQLException {
		boolean inSchema = (this.schema != null) ? matches(this.schema, schemaName, metaData)
				: searchPath.contains(schemaName);
		return inSchema && matches(this.table, tableName, metaData);
	}

	private static boolean matches(String part, String name, DatabaseMetaData metaData) throws SQLException {
		String stored = SchemaMetaData.toStored(part, metaData);
		return isWildcard(part) ? matches(stored, name) : stored.equals(name);
	}

	/**
	 * Returns whether a name matches a pattern.
	 * @param pattern the pattern, with {@code *} for any characters
	 * @param name the name
	 * @return whether the whole name matches
	 */
	public static boolean matches(String pattern, String name) {
		return Pattern
			.matches(Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")), name);
	}

	/**
	 * Returns the pattern as it was written.
	 */
	@Override
	public String toString() {
		return (this.schema != null) ? this.schema + "." + this.table : this.table;
	}

}
