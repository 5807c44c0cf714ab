package io.appdbs.requirement;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.schema.TypeFamily;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A column that must exist: {@code table.column} or {@code schema.table.column}, with
 * {@code : type} at the end if the type matters.
 *
 * @param table the table
 * @param column the column as written
 * @param type a family of types, or the name that the server has for a type, or
 * {@code null} for any type
 */
public record RequiredColumn(TableName table, String column, @Nullable String type) {

	private static final Pattern COLUMN = Pattern
		.compile("(%1$s)\\.(%2$s)(?:\\s*:\\s*([\\p{L}_\"][\\p{L}\\p{N}_ ,.()\\[\\]\"]*))?"
			.formatted(TableName.QUALIFIED, TableName.IDENTIFIER));

	/**
	 * Parses an entry of {@code startup.required-columns}.
	 * @param entry the entry
	 * @return the column or {@code null} if the entry is malformed
	 */
	public static @Nullable RequiredColumn parse(String entry) {
		Matcher matcher = COLUMN.matcher(entry);
		TableName table = matcher.matches() ? TableName.parse(matcher.group(1)) : null;
		return (table != null) ? new RequiredColumn(table, matcher.group(2), matcher.group(3)) : null;
	}

	/**
	 * Returns the family of the type.
	 * @return the family or {@code null} if the type is none, or there is no type
	 */
	public @Nullable TypeFamily family() {
		return (this.type != null) ? TypeFamily.find(this.type) : null;
	}

	/**
	 * Returns the name of the column with its table.
	 * @return the name as it was written
	 */
	public String name() {
		return this.table + "." + this.column;
	}

}
