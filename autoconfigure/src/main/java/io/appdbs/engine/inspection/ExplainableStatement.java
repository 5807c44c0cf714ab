package io.appdbs.engine.inspection;

import java.util.List;

import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * A single statement that has a plan. Drivers and servers execute what follows a
 * semicolon, also behind {@code EXPLAIN}, so any text that could be read as more than one
 * statement is rejected.
 *
 * @param text the text, without the semicolons at its end
 * @param numberedText the same text with {@code $1}, {@code $2} and so on in place of the
 * parameters of JDBC
 * @param parameters the number of parameters
 */
public record ExplainableStatement(String text, String numberedText, int parameters) {

	private static final List<String> KINDS = List.of("select", "insert", "update", "delete", "merge", "with");

	/**
	 * Reads a statement.
	 * @param sql the text
	 * @param prepared whether a question mark is a parameter; in a statement that is not
	 * prepared, it is an operator
	 * @param syntax the syntax of the server
	 * @return the statement
	 * @throws InspectionException if the text is not exactly one statement that has a
	 * plan
	 */
	public static ExplainableStatement of(String sql, boolean prepared, SqlSyntax syntax) {
		SqlLexer lexer = new SqlLexer(sql, syntax);
		ExplainableStatement statement = new Reader(sql, prepared, lexer).read();
		if (lexer.isAmbiguous()
				&& !statement.equals(new Reader(sql, prepared, SqlLexer.alternative(sql, syntax)).read())) {
			throw InspectionException
				.unsupported("The settings of the server decide where the literals of the statement end.");
		}
		return statement;
	}

	/**
	 * Reads the tokens of a statement.
	 */
	private static final class Reader {

		private final String sql;

		private final boolean prepared;

		private final SqlLexer lexer;

		private final StringBuilder numbered = new StringBuilder();

		private int copied;

		private int parameters;

		Reader(String sql, boolean prepared, SqlLexer lexer) {
			this.sql = sql;
			this.prepared = prepared;
			this.lexer = lexer;
		}

		ExplainableStatement read() {
			checkKind();
			int end = readToSeparator();
			for (Token token = this.lexer.next(); token != Token.END; token = this.lexer.next()) {
				if (token != Token.SEPARATOR) {
					throw InspectionException.unsupported("The text has several statements.");
				}
			}
			if (this.lexer.isUnfinished()) {
				throw InspectionException.unsupported("A literal or a comment of the statement does not end.");
			}
			this.numbered.append(this.sql, this.copied, end);
			return new ExplainableStatement(this.sql.substring(0, end), this.numbered.toString(), this.parameters);
		}

		private void checkKind() {
			Token token = this.lexer.next();
			while (token == Token.SYMBOL && this.lexer.is("(")) {
				token = this.lexer.next();
			}
			if (token != Token.WORD || KINDS.stream().noneMatch(this.lexer::is)) {
				throw InspectionException
					.unsupported("Only SELECT, INSERT, UPDATE, DELETE, MERGE and WITH have a plan.");
			}
		}

		/**
		 * Returns the index behind the first statement.
		 */
		private int readToSeparator() {
			for (Token token = this.lexer.next(); token != Token.END; token = this.lexer.next()) {
				if (token == Token.SEPARATOR) {
					return this.lexer.start();
				}
				if (token == Token.SYMBOL && this.lexer.is("{")) {
					// what the driver puts in place of it can move the end of a literal
					throw InspectionException.unsupported("The statement has an escape of JDBC.");
				}
				String rest = findParameter(token);
				if (rest != null) {
					this.parameters++;
					this.numbered.append(this.sql, this.copied, this.lexer.start())
						.append('$')
						.append(this.parameters)
						.append(rest);
					this.copied = this.lexer.end();
				}
			}
			return this.sql.length();
		}

		/**
		 * Returns what follows a parameter within the token: to the driver, only a double
		 * question mark is an operator.
		 * @return the rest of the token or {@code null} if it is not a parameter
		 */
		private @Nullable String findParameter(Token token) {
			String text = (token == Token.PARAMETER || token == Token.SYMBOL) ? this.lexer.text() : "";
			if (token == Token.PARAMETER && !text.startsWith("?")) {
				throw InspectionException.unsupported("The statement numbers its parameters itself.");
			}
			return (this.prepared && text.startsWith("?") && !text.equals("??")) ? text.substring(1) : null;
		}

	}

}
