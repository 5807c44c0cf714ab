package io.appdbs.rls;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
	 * Asks the server what it is, as libraries do when the application starts and there
	 * is no user yet. Reads no table.
	 */
	SERVER,

	/**
	 * Reads no rows, and must not have a transaction begun for it.
	 */
	SETTING,

	/**
	 * Begins or ends a transaction, or a part of it.
	 */
	TRANSACTION,

	/**
	 * Several statements at once, which the driver may send apart.
	 */
	SEVERAL,

	/**
	 * Anything else.
	 */
	OTHER;

	/** What a semicolon does not end a statement in. */
	private static final Pattern OPAQUE = Pattern
		.compile("[eE]'(?:[^'\\\\]++|\\\\.)*+'|'[^']*+'|(\\$\\w*+\\$).*?\\1|--[^\n\r]*+|/\\*.*?\\*/", Pattern.DOTALL);

	/**
	 * Views of the information schema show what a role may use, which no policy is about.
	 */
	private static final Pattern OF_SERVER = Pattern.compile(
			"\\s*select\\s+(1|version\\(\\)|current_schema\\(\\)|current_database\\(\\)|\\*\\s+from\\s+information_schema\\.\\w+)\\s*;?\\s*",
			Pattern.CASE_INSENSITIVE);

	private static final int LONGEST_OF_SERVER = 100;

	static StatementKind of(String sql) {
		if (sql.length() <= LONGEST_OF_SERVER && OF_SERVER.matcher(sql).matches()) {
			return SERVER;
		}
		if (sql.indexOf(';') >= 0 && split(sql).size() > 1) {
			return SEVERAL;
		}
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
	 * Return whether a statement of a transaction ends a part of it only.
	 */
	static boolean isPartial(String sql) {
		return sql.toUpperCase(Locale.ROOT).matches("(?s).*\\bTO\\b.*");
	}

	/**
	 * Return the statements, without their comments and literals.
	 */
	static List<String> split(String sql) {
		return Stream.of(OPAQUE.matcher(sql).replaceAll(" ").split(";"))
			.map(String::strip)
			.filter((part) -> !part.isEmpty())
			.toList();
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
