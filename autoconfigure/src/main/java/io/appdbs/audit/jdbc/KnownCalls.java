package io.appdbs.audit.jdbc;

import java.util.Set;

/**
 * Recognizes the names in front of a parenthesis that call no function, or one that
 * changes nothing. A function of an application can have the name of a keyword that the
 * server does not reserve, so such a word counts as a keyword only at its place.
 */
final class KnownCalls {

	private static final Set<String> TABLES = Set.of("from", "join", "lateral");

	private static final Set<String> SORTS = Set.of("group", "order", "partition");

	private static final Set<String> CHARACTERS = Set.of("character", "char", "bit", "nchar");

	private static final Set<String> COMPARISONS = Set.of("=", "<", ">", "~", "like", "ilike");

	private final StatementTokens tokens;

	KnownCalls(StatementTokens tokens) {
		this.tokens = tokens;
	}

	/**
	 * Returns whether the name at a position, in front of a parenthesis, changes nothing.
	 */
	boolean contain(int index) {
		String text = text(index);
		if (is(index - 1, ".")) {
			return is(index - 2, "pg_catalog") && ReadFunctions.contain(text);
		}
		return isDeclared(index)
				|| (this.tokens.isWord(index) && (ReadFunctions.contain(text) || isKeyword(index, text)));
	}

	/**
	 * Returns whether the names of columns or the length of a type follow.
	 */
	private boolean isDeclared(int index) {
		return is(index - 1, "with") || (is(index - 1, "recursive") && is(index - 2, "with")) || is(index - 1, "as")
				|| isAliasOfTable(index);
	}

	/**
	 * Returns whether the name follows {@code FROM (…)} or {@code FROM f(…)}. After other
	 * parentheses, as in {@code SELECT DISTINCT ON (…)}, it calls a function.
	 */
	private boolean isAliasOfTable(int index) {
		int open = findOpening(index - 1);
		return TABLES.contains(text(open - 1)) || (this.tokens.isWord(open - 1) && TABLES.contains(text(open - 2)));
	}

	private boolean isKeyword(int index, String word) {
		String previous = text(index - 1);
		return switch (word) {
			case "any", "some" -> COMPARISONS.contains(previous);
			case "by" -> SORTS.contains(previous);
			case "cube", "rollup" -> previous.equals("by") && is(index - 2, "group");
			case "explain" -> index == 0;
			case "filter" -> previous.equals(")") && isOperand(index - 1);
			case "first", "next" -> previous.equals("fetch");
			case "ilike", "like" -> isOperand(previous.equals("not") ? index - 2 : index - 1);
			case "join", "minus", "offset", "xor" -> isOperand(index - 1);
			case "materialized" -> previous.equals("as") || (previous.equals("not") && is(index - 2, "as"));
			case "over" -> previous.equals("nulls") || (previous.equals(")") && isOperand(index - 1));
			case "sets" -> previous.equals("grouping");
			case "varying" -> CHARACTERS.contains(previous);
			default -> false;
		};
	}

	/**
	 * Returns whether an expression or a table ends at a position. A function cannot be
	 * called after it.
	 */
	private boolean isOperand(int index) {
		if (is(index, ")")) {
			return !is(findOpening(index) - 1, "on");
		}
		return index >= 0 && !this.tokens.isSymbol(index) && !ReadFunctions.isKeyword(text(index));
	}

	/**
	 * Returns where the parenthesis begins that ends at a position.
	 * @return the position, negative if there is none
	 */
	private int findOpening(int close) {
		if (!is(close, ")")) {
			return -1;
		}
		int depth = 0;
		for (int i = close; i >= 0; i--) {
			depth += is(i, ")") ? 1 : is(i, "(") ? -1 : 0;
			if (depth == 0) {
				return i;
			}
		}
		return -1;
	}

	private String text(int index) {
		return this.tokens.text(index);
	}

	private boolean is(int index, String text) {
		return text(index).equals(text);
	}

}
