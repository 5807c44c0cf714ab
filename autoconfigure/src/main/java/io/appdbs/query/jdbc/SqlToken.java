package io.appdbs.query.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * A token of a statement.
 *
 * @param kind the kind of token
 * @param start where it begins
 * @param end where it ends
 * @param text the text in lower case, without the quotes of a name
 * @param value whether it is a literal or a parameter
 */
record SqlToken(Token kind, int start, int end, String text, boolean value) {

	/**
	 * Returns the tokens of a statement.
	 * @return the tokens or {@code null} if they depend on the settings of the server
	 */
	static @Nullable List<SqlToken> read(String sql, SqlSyntax syntax) {
		SqlLexer lexer = new SqlLexer(sql, syntax);
		List<SqlToken> tokens = new ArrayList<>();
		for (Token kind = lexer.next(); kind != Token.END; kind = lexer.next()) {
			tokens.add(of(kind, lexer, syntax));
		}
		return (lexer.isAmbiguous() || lexer.isUnfinished()) ? null : tokens;
	}

	private static SqlToken of(Token kind, SqlLexer lexer, SqlSyntax syntax) {
		String text = lexer.text();
		boolean value = switch (kind) {
			case STRING, PARAMETER -> true;
			case WORD -> Character.isDigit(text.charAt(0));
			// a string unless the session has ANSI_QUOTES
			case NAME -> syntax == SqlSyntax.MYSQL && text.startsWith("\"");
			default -> false;
		};
		String name = (kind == Token.NAME && text.length() > 1) ? text.substring(1, text.length() - 1) : text;
		return new SqlToken(kind, lexer.start(), lexer.end(), name.toLowerCase(Locale.ROOT), value);
	}

	boolean is(String text) {
		return this.kind != Token.STRING && this.kind != Token.NAME && this.text.equals(text);
	}

	boolean isName() {
		return !this.value && (this.kind == Token.WORD || this.kind == Token.NAME);
	}

	/**
	 * Returns what stands for a value in the text.
	 */
	String mask() {
		return switch (this.kind) {
			case PARAMETER -> this.text;
			case STRING -> "'******'";
			case NAME -> "\"******\"";
			default -> "******";
		};
	}

}
