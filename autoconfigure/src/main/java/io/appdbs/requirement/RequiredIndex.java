package io.appdbs.requirement;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.appdbs.schema.TableInformation.Index;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * An index that must exist: {@code table(column, column)}, with {@code unique} at the end
 * if it has to be. Any index whose first columns are these satisfies it; a unique one has
 * no further columns.
 *
 * @param table the table or collection as written
 * @param columns the columns or fields as written, in order
 * @param unique whether it must be unique
 */
public record RequiredIndex(String table, List<String> columns, boolean unique) {

	private static final String SYNTAX = "(%1$s)\\s*\\(\\s*(%2$s(?:\\s*,\\s*%2$s)*)\\s*\\)(?:\\s*(?i:(unique)))?";

	private static final Pattern OF_TABLE = Pattern
		.compile(SYNTAX.formatted(TableName.QUALIFIED, TableName.IDENTIFIER));

	private static final Pattern OF_COLLECTION = Pattern.compile(SYNTAX.formatted("[^\\s$()\",]+", "[^\\s$()\",]+"));

	private static final Pattern COLUMN = Pattern.compile("\"(?:[^\"]|\"\")+\"|[^\\s,]+");

	public RequiredIndex {
		columns = List.copyOf(columns);
	}

	/**
	 * Parses an entry of {@code startup.required-indexes} of a relational database.
	 * @param entry the entry
	 * @return the index or {@code null} if the entry is malformed
	 */
	public static @Nullable RequiredIndex parse(String entry) {
		return parse(entry, OF_TABLE);
	}

	/**
	 * Parses an entry of {@code startup.required-indexes} of MongoDB, where a field can
	 * be a path.
	 * @param entry the entry
	 * @return the index or {@code null} if the entry is malformed
	 */
	public static @Nullable RequiredIndex parseOfCollection(String entry) {
		return parse(entry, OF_COLLECTION);
	}

	private static @Nullable RequiredIndex parse(String entry, Pattern pattern) {
		Matcher matcher = pattern.matcher(entry);
		return matcher.matches() ? new RequiredIndex(matcher.group(1),
				COLUMN.matcher(matcher.group(2)).results().map((column) -> column.group()).toList(),
				matcher.group(3) != null) : null;
	}

	/**
	 * Returns why no index of a table satisfies this.
	 * @param stored the columns as the server has them
	 * @param indexes the indexes of the table
	 * @param same compares two names of columns
	 * @return the reason, empty if there is no similar index, or {@code null} if an index
	 * satisfies this
	 */
	public @Nullable String explain(List<String> stored, List<Index> indexes, BiPredicate<String, String> same) {
		List<Index> candidates = indexes.stream().filter((index) -> beginsWith(index, stored, same)).toList();
		if (candidates.stream().anyMatch((index) -> explain(index, stored) == null)) {
			return null;
		}
		return candidates.stream().flatMap((index) -> Stream.ofNullable(explain(index, stored))).findFirst().orElse("");
	}

	private @Nullable String explain(Index index, List<String> stored) {
		String reason = null;
		if (this.unique && !index.unique()) {
			reason = "not unique";
		}
		else if (this.unique && index.columns().size() > stored.size()) {
			reason = "unique for more columns";
		}
		else if (index.partial()) {
			reason = "partial";
		}
		else if (!index.valid()) {
			reason = "not valid";
		}
		return (reason != null) ? "%s is %s".formatted(index.name(), reason) : null;
	}

	/**
	 * Returns whether the first columns of an index are the given ones.
	 * @param index the index
	 * @param columns the columns as the server has them
	 * @param same compares two names of columns
	 * @return whether it begins with them
	 */
	private static boolean beginsWith(Index index, List<String> columns, BiPredicate<String, String> same) {
		return index.columns().size() >= columns.size() && IntStream.range(0, columns.size())
			.allMatch((i) -> same.test(index.columns().get(i), columns.get(i)));
	}

	/**
	 * Returns the index in the form in which it is configured.
	 */
	@Override
	public String toString() {
		return "%s(%s)%s".formatted(this.table, String.join(", ", this.columns), this.unique ? " unique" : "");
	}

}
