package io.appdbs.query.jdbc;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.sql.SqlLexer.Token;

/**
 * Finds the values that statements insert into columns that are not masked.
 *
 * @param tokens the statement
 * @param masked the masked columns
 */
record SqlInserts(SqlTokens tokens, Set<String> masked) {

	private static final Set<String> INSERT_MODIFIERS = Set.of("low_priority", "delayed", "high_priority", "ignore",
			"into");

	/**
	 * Shows the inserted values of other columns.
	 * @param shown the indexes of tokens
	 */
	void show(BitSet shown) {
		for (int i = 0; i < this.tokens.size(); i++) {
			if (this.tokens.get(i).kind() == Token.WORD && isInsert(i)) {
				showInserted(findColumnList(i), shown);
			}
		}
	}

	boolean isInsert(int index) {
		String text = this.tokens.get(index).text();
		return text.equals("insert") || (text.equals("replace") && !this.tokens.is(index + 1, "("))
				|| (text.equals("merge") && this.tokens.is(index + 1, "into"));
	}

	boolean isWithoutColumns(int insert) {
		int list = findColumnList(insert);
		if (this.tokens.is(list, "(")) {
			return !isColumnList(list);
		}
		// MERGE INTO … USING names its columns later, INSERT … SET and DEFAULT VALUES
		// have none
		return !this.tokens.is(list, "using") && !this.tokens.is(list, "set") && !this.tokens.is(list, "default");
	}

	/**
	 * Returns the index behind the table that rows are inserted into.
	 */
	private int findColumnList(int insert) {
		int index = insert + 1;
		while (this.tokens.at(index) != null && INSERT_MODIFIERS.contains(this.tokens.get(index).text())) {
			index++;
		}
		if (this.tokens.is(index, "(") || this.tokens.is(index, "values")) {
			return index;
		}
		index++;
		while (this.tokens.is(index, ".")) {
			index += 2;
		}
		if (this.tokens.is(index, "as")) {
			index += 2;
		}
		return index;
	}

	private boolean isColumnList(int open) {
		int index = open + 1;
		while (this.tokens.at(index) != null && this.tokens.get(index).isName() && !this.tokens.is(index, "select")
				&& !this.tokens.is(index, "values")) {
			index++;
			if (this.tokens.is(index, ")")) {
				return true;
			}
			if (!this.tokens.is(index, ",")) {
				return false;
			}
			index++;
		}
		return false;
	}

	private void showInserted(int open, BitSet shown) {
		if (!this.tokens.is(open, "(") || !isColumnList(open)) {
			return;
		}
		List<String> columns = new ArrayList<>();
		int index = open + 1;
		while (!this.tokens.is(index, ")")) {
			if (this.tokens.get(index).isName()) {
				columns.add(this.tokens.get(index).text());
			}
			index++;
		}
		while (this.tokens.at(index) != null && !this.tokens.is(index, "values") && !this.tokens.is(index, "value")
				&& !this.tokens.is(index, ";")) {
			index++;
		}
		index++;
		while (this.tokens.is(index, "(") || this.tokens.is(index, "row")) {
			index = showRow(this.tokens.is(index, "row") ? index + 1 : index, columns, shown);
			index = this.tokens.is(index, ",") ? index + 1 : this.tokens.size();
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

}
