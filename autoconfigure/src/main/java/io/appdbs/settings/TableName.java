package io.appdbs.settings;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.schema.SchemaMetaData;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table as SQL has it: {@code table} or {@code schema.table}, each in
 * double quotes where the case matters or where there are other characters than letters,
 * digits, {@code _} and {@code $}.
 *
 * @param schema the schema as written, or {@code null}
 * @param table the table as written
 */
public record TableName(@Nullable String schema, String table) {

	/** One part of a name, as a regular expression without groups. */
	public static final String IDENTIFIER = "(?:[\\p{L}_][\\p{L}\\p{N}_$]*|\"(?:[^\"]|\"\")+\")";

	/** A name with or without schema, as a regular expression without groups. */
	public static final String QUALIFIED = "(?:%1$s\\.)?%1$s".formatted(IDENTIFIER);

	private static final Pattern NAME = Pattern.compile("(?:(%1$s)\\.)?(%1$s)".formatted(IDENTIFIER));

	/**
	 * Parses a name.
	 * @param name the name
	 * @return the parsed name or {@code null} if it is malformed
	 */
	public static @Nullable TableName parse(String name) {
		Matcher matcher = NAME.matcher(name);
		return matcher.matches() ? new TableName(matcher.group(1), matcher.group(2)) : null;
	}

	/**
	 * Returns the schema as the engine stores it.
	 * @param metaData metadata that has the case in which the engine stores names
	 * @return the schema or {@code null} if the name has none
	 * @throws SQLException if the driver does not report it
	 */
	public @Nullable String schema(DatabaseMetaData metaData) throws SQLException {
		return (this.schema != null) ? SchemaMetaData.toStored(this.schema, metaData) : null;
	}

	/**
	 * Returns the table as the engine stores it.
	 * @param metaData metadata that has the case in which the engine stores names
	 * @return the table
	 * @throws SQLException if the driver does not report it
	 */
	public String table(DatabaseMetaData metaData) throws SQLException {
		return SchemaMetaData.toStored(this.table, metaData);
	}

	/**
	 * Returns the name as it was written.
	 */
	@Override
	public String toString() {
		return (this.schema != null) ? this.schema + "." + this.table : this.table;
	}

}
