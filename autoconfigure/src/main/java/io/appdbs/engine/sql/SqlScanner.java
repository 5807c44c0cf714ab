package io.appdbs.engine.sql;

import io.appdbs.engine.sql.SqlSyntax.Feature;

/**
 * Reads SQL character by character and skips blanks and comments between tokens.
 */
abstract class SqlScanner {

	private static final boolean[] WORD_PARTS = new boolean[128];

	static {
		for (char c = 0; c < WORD_PARTS.length; c++) {
			WORD_PARTS[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '$'
					|| c == 127;
		}
	}

	final String sql;

	private final SqlSyntax syntax;

	/**
	 * Whether backslashes and executable comments are read in the way that is not the
	 * default of the syntax.
	 */
	final boolean alternative;

	/** The index after the text that has been read. */
	int end;

	/** Whether the meaning depends on the version or settings of the server. */
	boolean ambiguous;

	/** Whether a comment or a literal was not closed. */
	boolean unfinished;

	private int executableComments;

	SqlScanner(String sql, SqlSyntax syntax, boolean alternative) {
		this.sql = sql;
		this.syntax = syntax;
		this.alternative = alternative;
	}

	final boolean has(Feature feature) {
		return this.syntax.has(feature);
	}

	final char at(int position) {
		return (position < this.sql.length()) ? this.sql.charAt(position) : 0;
	}

	final void skipBlanks() {
		while (this.end < this.sql.length()) {
			char c = this.sql.charAt(this.end);
			if (isBlank(c)) {
				this.end++;
			}
			else if (!isCommentStart(c) || !skipComment(c)) {
				return;
			}
		}
	}

	private static boolean isCommentStart(char c) {
		return c == '-' || c == '/' || c == '#' || c == '*';
	}

	/**
	 * Skips a comment, or the delimiters of an executable one.
	 */
	private boolean skipComment(char c) {
		char next = at(this.end + 1);
		if ((c == '-' && next == '-' && isCommentOfDashes()) || (c == '#' && has(Feature.HASH_COMMENTS))
				|| (c == '/' && next == '/' && has(Feature.SLASH_COMMENTS))) {
			skipLine();
			return true;
		}
		if (c == '*' && next == '/' && this.executableComments > 0) {
			this.executableComments--;
			this.end += 2;
			return true;
		}
		if (c != '/' || next != '*') {
			return false;
		}
		if (has(Feature.EXECUTABLE_COMMENTS) && isExecutable()) {
			return true;
		}
		skipBlockComment();
		return true;
	}

	private boolean isCommentOfDashes() {
		return !has(Feature.SPACED_DASHES) || isBlank(at(this.end + 2));
	}

	private void skipLine() {
		boolean carriageReturn = !has(Feature.LINES_END_WITH_LINE_FEED);
		while (this.end < this.sql.length() && this.sql.charAt(this.end) != '\n'
				&& !(carriageReturn && this.sql.charAt(this.end) == '\r')) {
			this.end++;
		}
	}

	private boolean isExecutable() {
		int mark = this.end + ((at(this.end + 2) == 'M') ? 3 : 2);
		if (at(mark) != '!') {
			return false;
		}
		this.ambiguous = true;
		if (this.alternative) {
			return false;
		}
		this.executableComments++;
		this.end = mark + 1;
		while (isDigit(at(this.end))) {
			this.end++;
		}
		return true;
	}

	private void skipBlockComment() {
		boolean nested = has(Feature.NESTED_COMMENTS);
		int depth = 1;
		this.end += 2;
		while (depth > 0 && this.end < this.sql.length()) {
			char c = this.sql.charAt(this.end++);
			if (c == '*' && at(this.end) == '/') {
				depth--;
				this.end++;
			}
			else if (nested && c == '/' && at(this.end) == '*') {
				depth++;
				this.end++;
			}
		}
		this.unfinished |= depth > 0;
	}

	private boolean isBlank(char c) {
		return c <= ' ' || (c > '~' && isOtherBlank(c));
	}

	private boolean isOtherBlank(char c) {
		return !has(Feature.ASCII_BLANKS) && Character.isSpaceChar(c);
	}

	static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	final boolean isWordPart(char c) {
		return (c < WORD_PARTS.length) ? WORD_PARTS[c] : !isOtherBlank(c);
	}

}
