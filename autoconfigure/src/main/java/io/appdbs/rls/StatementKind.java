package io.appdbs.rls;

import java.util.Locale;

/**
 * What a statement is, as far as its context is concerned. Told by the first word, since
 * whatever is not known for sure gets the context in the way that always works.
 */
enum StatementKind {

	/**
	 * Returns rows or counts, and can follow the prefix.
	 */
	CARRIER,

	/**
	 * Reads no rows, and must not have a transaction begun for it.
	 */
	SETTING,

	/**
	 * Begins or ends a transaction, or a part of it.
	 */
	TRANSACTION,

	/**
	 * Anything else.
	 */
	OTHER;

	static StatementKind of(String sql) {
		int begin = skipBlank(sql, 0);
		int end = begin;
		while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
			end++;
		}
		return switch (sql.substring(begin, end).toUpperCase(Locale.ROOT)) {
			case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES" -> CARRIER;
			case "SET", "RESET", "SHOW" -> SETTING;
			case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT" -> TRANSACTION;
			default -> OTHER;
		};
	}

	/**
	 * Skip white space, comments and opening parentheses.
	 */
	private static int skipBlank(String sql, int begin) {
		int i = begin;
		while (i < sql.length()) {
			char c = sql.charAt(i);
			if (Character.isWhitespace(c) || c == '(') {
				i++;
			}
			else if (sql.startsWith("--", i)) {
				i = skipLine(sql, i);
			}
			else if (sql.startsWith("/*", i)) {
				i = skipComment(sql, i);
			}
			else {
				return i;
			}
		}
		return i;
	}

	private static int skipLine(String sql, int begin) {
		int i = begin;
		while (i < sql.length() && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
			i++;
		}
		return i;
	}

	/**
	 * PostgreSQL's comments can be nested.
	 */
	private static int skipComment(String sql, int begin) {
		int depth = 0;
		int i = begin;
		do {
			if (sql.startsWith("/*", i)) {
				depth++;
				i += 2;
			}
			else if (sql.startsWith("*/", i)) {
				depth--;
				i += 2;
			}
			else {
				i++;
			}
		}
		while (depth > 0 && i < sql.length());
		return i;
	}

}
