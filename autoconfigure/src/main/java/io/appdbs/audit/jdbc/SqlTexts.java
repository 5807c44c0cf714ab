package io.appdbs.audit.jdbc;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.audit.jdbc.SqlText.Control;
import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.query.jdbc.SqlSecrets;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ConcurrentLruCache;

/**
 * Reads texts of SQL, and remembers those that were used last.
 */
final class SqlTexts {

	private static final int MAX_LENGTH = 10_000;

	private static final int REMEMBERED = 1000;

	private static final String VALUE = "?";

	private final SqlSyntax syntax;

	private final ConcurrentLruCache<String, SqlText> texts = new ConcurrentLruCache<>(REMEMBERED, this::read);

	SqlTexts(SqlSyntax syntax) {
		this.syntax = syntax;
	}

	SqlText get(@Nullable String sql) {
		String text = String.valueOf(sql);
		// a long text is probably not executed again
		return (text.length() > MAX_LENGTH) ? read(text) : this.texts.get(text);
	}

	private SqlText read(String sql) {
		SqlLexer lexer = new SqlLexer(sql, this.syntax);
		List<StatementTokens> statements = new ArrayList<>();
		StatementTokens statement = new StatementTokens();
		StringBuilder text = new StringBuilder();
		int end = 0;
		for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
			if (token == Token.SEPARATOR) {
				addTo(statements, statement);
				statement = new StatementTokens();
			}
			else {
				statement.add(token, lexer.text());
			}
			append(text, token, lexer, end);
			end = lexer.end();
		}
		addTo(statements, statement);
		if (statements.isEmpty() || lexer.isUnfinished() || lexer.isAmbiguous()) {
			// where its literals end depends on the server
			String first = statements.isEmpty() ? "" : statements.get(0).word(0);
			return new SqlText(first + " …", true, Control.NONE, null, true, true, false);
		}
		return describe(shorten(SqlSecrets.hide(text.toString())), statements);
	}

	private static void addTo(List<StatementTokens> statements, StatementTokens statement) {
		if (!statement.isEmpty()) {
			statements.add(statement);
		}
	}

	/**
	 * Appends a token, with {@code ?} for a value, and with a blank for what is between
	 * two tokens.
	 */
	private void append(StringBuilder text, Token token, SqlLexer lexer, int end) {
		String part = lexer.text();
		boolean value = switch (token) {
			case STRING -> true;
			case NAME -> part.startsWith("\"") && this.syntax == SqlSyntax.MYSQL;
			case WORD ->
				Character.isDigit(part.charAt(0)) || part.equalsIgnoreCase("true") || part.equalsIgnoreCase("false");
			default -> false;
		};
		if (lexer.start() > end && !text.isEmpty()) {
			text.append(' ');
		}
		text.append(value ? VALUE : part);
	}

	private static String shorten(String text) {
		return (text.length() > MAX_LENGTH)
				? text.substring(0, MAX_LENGTH) + "... (%d characters)".formatted(text.length()) : text;
	}

	private SqlText describe(String text, List<StatementTokens> statements) {
		Control control = Control.NONE;
		String savepoint = null;
		boolean write = false;
		boolean committing = false;
		boolean dataDefinition = false;
		// the statements of a body are executed by another statement
		boolean body = statements.get(0).isDefinition();
		for (StatementTokens statement : statements) {
			Control next = body ? Control.NONE : control(statement);
			dataDefinition |= statement.isDataDefinition();
			if (next != Control.NONE) {
				control = next;
				savepoint = statement.last();
				committing |= isCommitting(next);
			}
			else if (!statement.word(0).equals("release")) {
				boolean writes = statement.isWrite(this.syntax);
				write |= writes;
				committing |= statement.isCommitting(writes);
			}
		}
		return new SqlText(text, write, control, savepoint, statements.size() > 1, committing, dataDefinition);
	}

	private static boolean isCommitting(Control control) {
		return switch (control) {
			case BEGIN, COMMIT, COMMIT_AND_CHAIN, PREPARE -> true;
			default -> false;
		};
	}

	private Control control(StatementTokens statement) {
		boolean chained = statement.contains("chain") && !statement.contains("no");
		String second = statement.word(1);
		return switch (statement.word(0)) {
			case "begin" -> second.equals("not") ? Control.NONE : Control.BEGIN;
			case "start" -> second.equals("transaction") ? Control.BEGIN : Control.NONE;
			case "commit" ->
				second.equals("prepared") ? Control.NONE : chained ? Control.COMMIT_AND_CHAIN : Control.COMMIT;
			case "end" -> (this.syntax == SqlSyntax.POSTGRESQL) ? Control.COMMIT : Control.NONE;
			case "rollback" -> statement.contains("to") ? Control.ROLLBACK_TO : second.equals("prepared") ? Control.NONE
					: chained ? Control.ROLLBACK_AND_CHAIN : Control.ROLLBACK;
			case "abort" -> Control.ROLLBACK;
			case "savepoint" -> Control.SAVEPOINT;
			case "prepare" -> second.equals("transaction") ? Control.PREPARE : Control.NONE;
			default -> Control.NONE;
		};
	}

}
