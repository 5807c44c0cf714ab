package io.appdbs.engine.sql;

/**
 * Tracks whether the next token is in the body of a function that consists of statements.
 * The body ends with an END where a statement would begin: any other END ends a CASE or
 * is a name.
 */
final class AtomicBody {

	private boolean first = true;

	private boolean create;

	private boolean routine;

	private boolean begin;

	private int parentheses;

	private boolean open;

	private boolean statementExpected;

	void word(SqlLexer lexer) {
		if (this.open) {
			this.open = !(this.statementExpected && lexer.is("end"));
			this.routine = this.open;
			this.statementExpected = false;
		}
		else if (this.routine) {
			// arguments can have any names and types
			this.open = this.begin && this.parentheses == 0 && lexer.is("atomic");
			this.statementExpected = this.open;
			this.begin = lexer.is("begin");
		}
		else {
			this.routine = this.create && (lexer.is("function") || lexer.is("procedure"));
			this.create = (this.first) ? lexer.is("create") : this.create && (lexer.is("or") || lexer.is("replace"));
		}
		this.first = false;
	}

	void symbol(char symbol) {
		if (symbol == '(') {
			this.parentheses++;
		}
		else if (symbol == ')') {
			this.parentheses--;
		}
	}

	/**
	 * Reads a semicolon.
	 * @return whether a statement outside of a body ends
	 */
	boolean endStatement() {
		this.statementExpected = this.open;
		if (!this.open) {
			this.first = true;
			this.create = false;
			this.routine = false;
			this.begin = false;
			this.parentheses = 0;
		}
		return !this.open;
	}

	boolean isOpen() {
		return this.open;
	}

}
