package io.appdbs.query.jdbc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.appdbs.engine.sql.SqlLexer.Token;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of a statement that belong to columns that are not masked. In doubt, a
 * value does not.
 *
 * @param tokens the statement
 * @param masked the masked columns
 */
record SqlColumns(List<SqlToken> tokens, Set<String> masked) {

	private static final Set<String> INSERT_MODIFIERS = Set.of("low_priority", "delayed", "high_priority", "ignore",
			"into");

	private static final Set<String> CALLS = Set.of("call", "exec", "execute", "do", "begin", "declare");

	/** With these, a column can have another name. */
	private static final Set<String> RENAMING = Set.of("with", "union", "intersect", "except", "minus", "having",
			"using", "lateral", "unnest", "create", "alter");

	private static final Set<String> NO_ALIAS = Set.of("where", "on", "set", "values", "in", "and", "or", "not",
			"exists", "select", "over", "filter", "within");

	private static final Set<String> BEFORE_NAME = Set.of("where", "and", "or", "not", "on", "set", "when", "update",
			"(", ",");

	private static final Set<String> AFTER_VALUE = Set.of("and", "or", "where", "from", "returning", "order", "group",
			"limit", "offset", "fetch", "for", "then", "when", "on", ")", ",", ";");

	/**
	 * Returns whether values can only belong to columns that the statement names.
	 */
	boolean isCertain() {
		for (int i = 0; i < this.tokens.size(); i++) {
			String text = this.tokens.get(i).text();
			if (this.tokens.get(i).kind() != Token.WORD) {
				continue;
			}
			if ((CALLS.contains(text) && isStart(i)) || (isInsert(i) && isWithoutColumns(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns whether no column has another name in a part of the statement.
	 */
	boolean isSimple() {
		long selects = this.tokens.stream().filter((token) -> token.is("select")).count();
		return this.tokens.stream().noneMatch((token) -> token.kind() == Token.WORD && RENAMING.contains(token.text()))
				&& (selects == 0 || (selects == 1 && this.tokens.get(0).is("select")))
				&& IntStream.range(0, this.tokens.size()).noneMatch(this::isColumnAlias);
	}

	/**
	 * Returns whether a table gets other names for its columns.
	 */
	private boolean isColumnAlias(int index) {
		if (!is(index, "from") && !is(index, "join") && !is(index, ",")) {
			return false;
		}
		int alias = index + 2;
		while (is(alias, ".")) {
			alias += 2;
		}
		alias = is(alias, "as") ? alias + 1 : alias;
		SqlToken name = at(alias);
		return name != null && name.isName() && is(alias + 1, "(")
				&& (name.kind() == Token.NAME || !NO_ALIAS.contains(name.text()));
	}

	/**
	 * Returns the indexes of tokens that are values of other columns.
	 */
	BitSet findShown() {
		BitSet shown = new BitSet();
		for (int i = 0; i < this.tokens.size(); i++) {
			if (this.tokens.get(i).value()) {
				String column = findComparedColumn(i);
				shown.set(i, column != null && !this.masked.contains(column));
			}
		}
		for (int i = 0; i < this.tokens.size(); i++) {
			if (this.tokens.get(i).kind() == Token.WORD && isInsert(i)) {
				showInserted(findColumnList(i), shown);
			}
		}
		return shown;
	}

	private @Nullable SqlToken at(int index) {
		return (index >= 0 && index < this.tokens.size()) ? this.tokens.get(index) : null;
	}

	private boolean is(int index, String text) {
		SqlToken token = at(index);
		return token != null && token.is(text);
	}

	/**
	 * Returns whether a word begins a statement, or a call of JDBC.
	 */
	private boolean isStart(int index) {
		return index == 0 || is(index - 1, ";") || is(index - 1, "{") || is(index - 1, "=");
	}

	private boolean isInsert(int index) {
		String text = this.tokens.get(index).text();
		return text.equals("insert") || (text.equals("replace") && !is(index + 1, "("))
				|| (text.equals("merge") && is(index + 1, "into"));
	}

	private boolean isWithoutColumns(int insert) {
		int list = findColumnList(insert);
		if (is(list, "(")) {
			return !isColumnList(list);
		}
		// MERGE INTO … USING names its columns later, INSERT … SET and DEFAULT VALUES
		// have none
		return !is(list, "using") && !is(list, "set") && !is(list, "default") && !is(list, "as") && list >= 0;
	}

	/**
	 * Returns the index behind the table that rows are inserted into.
	 */
	private int findColumnList(int insert) {
		int index = insert + 1;
		while (at(index) != null && INSERT_MODIFIERS.contains(this.tokens.get(index).text())) {
			index++;
		}
		if (is(index, "(") || is(index, "values")) {
			return index;
		}
		index++;
		while (is(index, ".")) {
			index += 2;
		}
		if (is(index, "as")) {
			index += 2;
		}
		return index;
	}

	private boolean isColumnList(int open) {
		int index = open + 1;
		while (at(index) != null && this.tokens.get(index).isName() && !is(index, "select") && !is(index, "values")) {
			index++;
			if (is(index, ")")) {
				return true;
			}
			if (!is(index, ",")) {
				return false;
			}
			index++;
		}
		return false;
	}

	private void showInserted(int open, BitSet shown) {
		if (!is(open, "(") || !isColumnList(open)) {
			return;
		}
		List<String> columns = new ArrayList<>();
		int index = open + 1;
		while (!is(index, ")")) {
			if (this.tokens.get(index).isName()) {
				columns.add(this.tokens.get(index).text());
			}
			index++;
		}
		while (at(index) != null && !is(index, "values") && !is(index, "value") && !is(index, ";")) {
			index++;
		}
		index++;
		while (is(index, "(") || is(index, "row")) {
			index = showRow(is(index, "row") ? index + 1 : index, columns, shown);
			index = is(index, ",") ? index + 1 : this.tokens.size();
		}
	}

	/**
	 * Shows the values of one row.
	 * @return the index behind its closing parenthesis
	 */
	private int showRow(int open, List<String> columns, BitSet shown) {
		int depth = 0;
		int column = 0;
		for (int i = open; i < this.tokens.size(); i++) {
			SqlToken token = this.tokens.get(i);
			depth += token.is("(") ? 1 : (token.is(")") ? -1 : 0);
			if (depth == 0) {
				return i + 1;
			}
			if (depth == 1 && token.is(",")) {
				column++;
			}
			if (token.value()) {
				shown.set(i, column < columns.size() && !this.masked.contains(columns.get(column)));
			}
		}
		return this.tokens.size();
	}

	/**
	 * Returns the column that a value is compared with or assigned to.
	 * @return the name or {@code null} if that is not certain
	 */
	private @Nullable String findComparedColumn(int value) {
		if (!isEnd(value + 1)) {
			return null;
		}
		int operator = findOperator(value);
		if (operator < 0) {
			return null;
		}
		int name = is(operator - 1, "not") ? operator - 2 : operator - 1;
		SqlToken column = at(name);
		int first = name;
		while (is(first - 1, ".")) {
			first -= 2;
		}
		SqlToken before = at(first - 1);
		boolean begins = before != null && before.kind() != Token.NAME && BEFORE_NAME.contains(before.text());
		return (column != null && column.isName() && begins) ? column.text() : null;
	}

	/**
	 * Returns whether a value ends with the token before, or with a cast.
	 */
	private boolean isEnd(int index) {
		int next = index;
		if (is(next, ":") && is(next + 1, ":") && at(next + 2) != null) {
			next += 3;
		}
		SqlToken token = at(next);
		return token == null || (token.kind() != Token.NAME && AFTER_VALUE.contains(token.text()));
	}

	/**
	 * Returns the index of the first token of the operator in front of a value.
	 * @return the index or -1 if there is no known one
	 */
	private int findOperator(int value) {
		int index = value - 1;
		while (is(index, "=") || is(index, "<") || is(index, ">") || is(index, "!")) {
			index--;
		}
		if (index < value - 1) {
			return index + 1;
		}
		if (is(index, "like") || is(index, "ilike") || is(index, "between")) {
			return index;
		}
		SqlToken lower = at(index - 1);
		if (is(index, "and") && lower != null && lower.value() && is(index - 2, "between")) {
			return index - 2;
		}
		return findIn(index);
	}

	private int findIn(int before) {
		int index = before;
		while (is(index, ",")) {
			SqlToken former = at(index - 1);
			if (former == null || !former.value()) {
				return -1;
			}
			index -= 2;
		}
		return (is(index, "(") && is(index - 1, "in")) ? index - 1 : -1;
	}

}
