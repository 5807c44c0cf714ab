package io.appdbs.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.appdbs.engine.sql.SqlLexer.Token;
import org.jspecify.annotations.Nullable;

/**
 * A statement in a normalized form.
 *
 * @param text the tokens, with one space between any two, without comments: words are in
 * lower case, {@code ''} stands for any string, {@code "?"} for any name in quotes that
 * has other characters than letters, digits, underscores and dots, and {@code u&"?"} for
 * any with unicode escapes
 * @param string the first string, as written between the quotes, or {@code null} if there
 * is none
 */
public record SqlStatement(String text, @Nullable String string) {

	/**
	 * Split SQL into its statements.
	 * @param sql one statement or several
	 * @param syntax the syntax of the server
	 * @return the statements that are not empty, in order
	 */
	public static List<SqlStatement> split(String sql, SqlSyntax syntax) {
		return split(sql, syntax, false);
	}

	static List<SqlStatement> split(String sql, SqlSyntax syntax, boolean alternative) {
		SqlLexer lexer = new SqlLexer(sql, syntax, alternative);
		List<SqlStatement> statements = new ArrayList<>();
		StringBuilder text = new StringBuilder();
		String string = null;
		Token token;
		do {
			token = lexer.next();
			if (token == Token.STRING && string == null) {
				string = content(lexer.text());
			}
			if (token != Token.END && token != Token.SEPARATOR) {
				append(text, token, lexer);
			}
			else if (!text.isEmpty()) {
				statements.add(new SqlStatement(text.toString(), string));
				text.setLength(0);
				string = null;
			}
		}
		while (token != Token.END);
		return statements;
	}

	private static void append(StringBuilder text, Token token, SqlLexer lexer) {
		if (!text.isEmpty()) {
			text.append(' ');
		}
		text.append(switch (token) {
			case WORD -> lexer.text().toLowerCase(Locale.ROOT);
			case STRING -> "''";
			case NAME -> name(lexer);
			default -> lexer.text();
		});
	}

	private static String name(SqlLexer lexer) {
		if (lexer.isUnicode()) {
			return "u&\"?\"";
		}
		String name = lexer.text();
		String content = name.substring(1, Math.max(1, name.length() - 1));
		return (!content.isEmpty() && content.chars().allMatch((c) -> c == '.' || Character.isJavaIdentifierPart(c)))
				? "\"" + content.toLowerCase(Locale.ROOT) + "\"" : "\"?\"";
	}

	private static String content(String literal) {
		int quote = literal.indexOf('\'');
		int begin = literal.startsWith("$") ? literal.indexOf('$', 1) + 1 : quote + 1;
		int end = literal.length() - (literal.startsWith("$") ? begin : 1);
		String content = literal.substring(begin, Math.max(begin, end));
		return literal.startsWith("$") ? content : content.replace("''", "'");
	}

}
