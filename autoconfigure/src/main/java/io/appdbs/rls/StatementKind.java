package io.appdbs.rls;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlStatement;
import io.appdbs.engine.sql.SqlSyntax;

/**
 * The kind of a statement, which decides how it gets its context. It is derived from the
 * first word; a statement of unknown kind gets the context in the way that always works.
 */
enum StatementKind {

	/**
	 * Returns rows or counts, and can follow the prefix.
	 */
	PREFIXABLE,

	/**
	 * Queries information about the server, as libraries do at startup when there is no
	 * user yet. Reads no table.
	 */
	SERVER_INFO,

	/**
	 * Reads or changes the session, reads no rows, and must not start a transaction.
	 */
	SESSION,

	/**
	 * Begins or ends a transaction, or a part of it.
	 */
	TRANSACTION,

	/**
	 * Several statements at once, which the driver may send apart.
	 */
	MULTIPLE,

	/**
	 * Anything else.
	 */
	OTHER;

	/**
	 * Views of the information schema show what a role may use, which no policy is about.
	 */
	private static final Pattern OF_SERVER = Pattern.compile(
			"\\s*select\\s+(1|version\\(\\)|current_schema\\(\\)|current_database\\(\\)|\\*\\s+from\\s+information_schema\\.\\w+)\\s*;?\\s*",
			Pattern.CASE_INSENSITIVE);

	private static final int LONGEST_OF_SERVER = 100;

	static StatementKind of(String sql) {
		if (sql.length() <= LONGEST_OF_SERVER && OF_SERVER.matcher(sql).matches()) {
			return SERVER_INFO;
		}
		SqlLexer lexer = new SqlLexer(sql, SqlSyntax.POSTGRESQL);
		Token token = lexer.next();
		boolean separated = false;
		while (token == Token.SEPARATOR || (token == Token.SYMBOL && lexer.is("("))) {
			separated |= token == Token.SEPARATOR;
			token = lexer.next();
		}
		StatementKind kind = (token == Token.WORD) ? ofFirstWord(sql, lexer) : OTHER;
		if (sql.indexOf(';') >= 0 && isFollowed(lexer)) {
			return MULTIPLE;
		}
		// the prefix would not be in front of the statement
		return (separated && kind == PREFIXABLE) ? OTHER : kind;
	}

	private static StatementKind ofFirstWord(String sql, SqlLexer lexer) {
		return switch (sql.substring(lexer.start(), lexer.end()).toUpperCase(Locale.ROOT)) {
			case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES" -> PREFIXABLE;
			case "SET", "RESET", "SHOW" -> SESSION;
			case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT" -> TRANSACTION;
			case "PREPARE" -> (lexer.next() == Token.WORD && lexer.is("transaction")) ? TRANSACTION : OTHER;
			default -> OTHER;
		};
	}

	/**
	 * Returns whether another statement follows.
	 */
	private static boolean isFollowed(SqlLexer lexer) {
		boolean separated = false;
		for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
			if (token == Token.SEPARATOR) {
				separated = true;
			}
			else if (separated) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns whether a statement of a transaction ends a part of it only.
	 */
	static boolean isPartial(String sql) {
		return split(sql).stream().anyMatch((text) -> text.contains(" to "));
	}

	/**
	 * Returns the {@linkplain SqlStatement#text() texts} of the statements.
	 */
	static List<String> split(String sql) {
		return SqlStatement.split(sql, SqlSyntax.POSTGRESQL).stream().map(SqlStatement::text).toList();
	}

}
