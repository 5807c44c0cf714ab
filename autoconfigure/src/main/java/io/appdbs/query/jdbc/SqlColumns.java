package io.appdbs.query.jdbc;

import java.util.BitSet;
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
record SqlColumns(SqlTokens tokens, Set<String> masked) {

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
		SqlInserts inserts = new SqlInserts(this.tokens, this.masked);
		for (int i = 0; i < this.tokens.size(); i++) {
			String text = this.tokens.get(i).text();
			if (this.tokens.get(i).kind() != Token.WORD) {
				continue;
			}
			if ((CALLS.contains(text) && isStart(i)) || (inserts.isInsert(i) && inserts.isWithoutColumns(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns whether no column has another name in a part of the statement.
	 */
	boolean isSimple() {
		long selects = this.tokens.list().stream().filter((token) -> token.is("select")).count();
		return this.tokens.list()
			.stream()
			.noneMatch((token) -> token.kind() == Token.WORD && RENAMING.contains(token.text()))
				&& (selects == 0 || (selects == 1 && this.tokens.get(0).is("select")))
				&& IntStream.range(0, this.tokens.size()).noneMatch(this::isColumnAlias);
	}

	/**
	 * Returns whether a table gets other names for its columns.
	 */
	private boolean isColumnAlias(int index) {
		if (!this.tokens.is(index, "from") && !this.tokens.is(index, "join") && !this.tokens.is(index, ",")) {
			return false;
		}
		int alias = index + 2;
		while (this.tokens.is(alias, ".")) {
			alias += 2;
		}
		alias = this.tokens.is(alias, "as") ? alias + 1 : alias;
		SqlToken name = this.tokens.at(alias);
		return name != null && name.isName() && this.tokens.is(alias + 1, "(")
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
		new SqlInserts(this.tokens, this.masked).show(shown);
		return shown;
	}

	/**
	 * Returns whether a word begins a statement, or a call of JDBC.
	 */
	private boolean isStart(int index) {
		return index == 0 || this.tokens.is(index - 1, ";") || this.tokens.is(index - 1, "{")
				|| this.tokens.is(index - 1, "=");
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
		int name = this.tokens.is(operator - 1, "not") ? operator - 2 : operator - 1;
		SqlToken column = this.tokens.at(name);
		int first = name;
		while (this.tokens.is(first - 1, ".")) {
			first -= 2;
		}
		SqlToken before = this.tokens.at(first - 1);
		boolean begins = before != null && before.kind() != Token.NAME && BEFORE_NAME.contains(before.text());
		return (column != null && column.isName() && begins) ? column.text() : null;
	}

	/**
	 * Returns whether a value ends with the token before, or with a cast.
	 */
	private boolean isEnd(int index) {
		int next = index;
		if (this.tokens.is(next, ":") && this.tokens.is(next + 1, ":") && this.tokens.at(next + 2) != null) {
			next += 3;
		}
		SqlToken token = this.tokens.at(next);
		return token == null || (token.kind() != Token.NAME && AFTER_VALUE.contains(token.text()));
	}

	/**
	 * Returns the index of the first token of the operator in front of a value.
	 * @return the index or -1 if there is no known one
	 */
	private int findOperator(int value) {
		int index = value - 1;
		while (this.tokens.is(index, "=") || this.tokens.is(index, "<") || this.tokens.is(index, ">")
				|| this.tokens.is(index, "!")) {
			index--;
		}
		if (index < value - 1) {
			return index + 1;
		}
		if (this.tokens.is(index, "like") || this.tokens.is(index, "ilike") || this.tokens.is(index, "between")) {
			return index;
		}
		SqlToken lower = this.tokens.at(index - 1);
		if (this.tokens.is(index, "and") && lower != null && lower.value() && this.tokens.is(index - 2, "between")) {
			return index - 2;
		}
		return findIn(index);
	}

	private int findIn(int before) {
		int index = before;
		while (this.tokens.is(index, ",")) {
			SqlToken former = this.tokens.at(index - 1);
			if (former == null || !former.value()) {
				return -1;
			}
			index -= 2;
		}
		return (this.tokens.is(index, "(") && this.tokens.is(index - 1, "in")) ? index - 1 : -1;
	}

}
