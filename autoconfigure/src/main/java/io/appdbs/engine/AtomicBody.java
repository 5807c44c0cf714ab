package io.appdbs.engine;

/**
 * Whether the next token is in the body of a function that is made up of statements.
 */
final class AtomicBody {

	private boolean create;

	private boolean first = true;

	private boolean begin;

	private int depth;

	void word(SqlLexer lexer) {
		if (this.first) {
			this.first = false;
			this.create = lexer.is("create");
		}
		if (!this.create) {
			return;
		}
		if (this.depth == 0) {
			this.depth = (this.begin && lexer.is("atomic")) ? 1 : 0;
			this.begin = lexer.is("begin");
		}
		else if (lexer.is("case")) {
			this.depth++;
		}
		else if (lexer.is("end")) {
			this.depth--;
		}
	}

	boolean isOpen() {
		return this.depth > 0;
	}

	void clear() {
		this.first = true;
		this.begin = false;
		this.depth = 0;
	}

}
