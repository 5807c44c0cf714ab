package io.appdbs.query.jdbc;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Hides the values of columns in statements. A value of a statement that mentions such a
 * column is shown only if it is certain that it belongs to another one. Names of columns
 * are compared without their tables.
 */
final class SqlMask {

	/** What is shown instead of a value. */
	static final String MASKED = "******";

	private static final IntPredicate NONE = (index) -> false;

	private static final IntPredicate ALL = (index) -> true;

	/**
	 * A name with escapes can be any name, and a parameter with a number any parameter.
	 */
	private static final Pattern UNCERTAIN = Pattern.compile("(?i)u&\"|\\?\\d|\\$\\d");

	private final Set<String> columns;

	private final @Nullable Pattern mention;

	private final SqlSyntax syntax;

	/**
	 * Creates a new {@link SqlMask}.
	 * @param columns the columns, whose paths in documents do not matter
	 * @param syntax the syntax of the server
	 */
	SqlMask(Collection<String> columns, SqlSyntax syntax) {
		this.columns = columns.stream()
			.map((column) -> column.substring(column.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet());
		this.mention = this.columns.isEmpty() ? null
				: Pattern.compile(this.columns.stream()
					.map(Pattern::quote)
					.collect(Collectors.joining("|", "(?iu)(?<![\\p{L}\\p{N}_$])(?:", ")(?![\\p{L}\\p{N}_$])")));
		this.syntax = syntax;
	}

	/**
	 * Hides the literals of a statement, and decides on its parameters.
	 */
	Result apply(String sql) {
		if (this.mention == null) {
			return new Result(sql, NONE);
		}
		List<SqlToken> tokens = SqlToken.read(sql, this.syntax);
		if (tokens == null || UNCERTAIN.matcher(sql).find()) {
			// where literals begin and end is not certain
			return new Result(MASKED, ALL);
		}
		SqlColumns known = new SqlColumns(tokens, this.columns);
		boolean certain = known.isCertain();
		if (certain && !this.mention.matcher(sql).find()) {
			return new Result(sql, NONE);
		}
		BitSet shown = (certain && known.isSimple()) ? known.findShown() : new BitSet();
		BitSet parameters = new BitSet();
		StringBuilder text = new StringBuilder();
		int parameter = 0;
		int end = 0;
		for (int i = 0; i < tokens.size(); i++) {
			SqlToken token = tokens.get(i);
			if (token.kind() == Token.PARAMETER) {
				parameters.set(++parameter, shown.get(i));
			}
			text.append(blank(sql.substring(end, token.start())));
			text.append((token.value() && !shown.get(i)) ? token.mask() : sql.substring(token.start(), token.end()));
			end = token.end();
		}
		return new Result(text.toString(), (index) -> !parameters.get(index));
	}

	/**
	 * Hides the literals of a line that mentions a column.
	 */
	String applyToLine(String line) {
		return (this.mention != null && this.mention.matcher(line).find()) ? apply(line).text() : line;
	}

	/**
	 * A comment between tokens can have values.
	 */
	private static String blank(String gap) {
		return gap.isBlank() ? gap : " ";
	}

	/**
	 * A statement without the values of columns.
	 *
	 * @param text the statement
	 * @param masked whether the value of a parameter is hidden, by its index from 1 on
	 */
	record Result(String text, IntPredicate masked) {

	}

}
