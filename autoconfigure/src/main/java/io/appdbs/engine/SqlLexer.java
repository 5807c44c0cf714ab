package io.appdbs.engine;

import io.appdbs.engine.SqlSyntax.Feature;

/**
 * Reads the tokens of SQL, one after the other, in one pass and without copying the text.
 * Never fails: what the server would reject is read up to its end. Not safe for use by
 * several threads.
 */
public final class SqlLexer {

	private static final boolean[] WORD_PARTS = new boolean[128];

	static {
		for (char c = 0; c < WORD_PARTS.length; c++) {
			WORD_PARTS[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '$'
					|| c == 127;
		}
	}

	private final String sql;

	private final SqlSyntax syntax;

	/**
	 * Whether backslashes and executable comments are read the way that the syntax does
	 * not have by default.
	 */
	private final boolean alternative;

	private final AtomicBody atomicBody = new AtomicBody();

	private int start;

	private int end;

	private int executableComments;

	private int nextBackslash = -1;

	private boolean unicode;

	private boolean ambiguous;

	private boolean unfinished;

	/**
	 * Create a new {@link SqlLexer} in front of the first token.
	 * @param sql one statement or several
	 * @param syntax the syntax of the server
	 */
	public SqlLexer(String sql, SqlSyntax syntax) {
		this(sql, syntax, false);
	}

	SqlLexer(String sql, SqlSyntax syntax, boolean alternative) {
		this.sql = sql;
		this.syntax = syntax;
		this.alternative = alternative;
	}

	/**
	 * Read the next token.
	 * @return the kind of token, {@link Token#END} at the end of the text
	 */
	public Token next() {
		skipBlanks();
		this.start = this.end;
		this.unicode = false;
		if (this.start >= this.sql.length()) {
			return Token.END;
		}
		char c = this.sql.charAt(this.end++);
		if (isWordPart(c) && (c != '$' || !has(Feature.DOLLAR_QUOTES))) {
			return readWord(c);
		}
		return switch (c) {
			case '\'' -> readQuoted('\'', has(Feature.BACKSLASH_ESCAPES) || has(Feature.ESCAPE_STRINGS), Token.STRING);
			case '"' -> readQuoted('"', has(Feature.BACKSLASH_ESCAPES), Token.NAME);
			case '`' -> has(Feature.BACKTICKS) ? readQuoted('`', false, Token.NAME) : Token.SYMBOL;
			case '$' -> readDollar();
			case '?' -> readQuestionMark();
			case ';' -> this.atomicBody.isOpen() ? Token.SYMBOL : endStatement();
			default -> Token.SYMBOL;
		};
	}

	private boolean has(Feature feature) {
		return this.syntax.has(feature);
	}

	private char at(int position) {
		return (position < this.sql.length()) ? this.sql.charAt(position) : 0;
	}

	private Token endStatement() {
		this.atomicBody.clear();
		return Token.SEPARATOR;
	}

	private Token readWord(char first) {
		while (this.end < this.sql.length() && isWordPart(this.sql.charAt(this.end))) {
			this.end++;
		}
		int length = this.end - this.start;
		if (length == 1 && (first == 'E' || first == 'e') && at(this.end) == '\'' && has(Feature.ESCAPE_STRINGS)) {
			return readEscapeString();
		}
		if (length == 1 && (first == 'U' || first == 'u') && at(this.end) == '&' && has(Feature.UNICODE)) {
			char quote = at(this.end + 1);
			if (quote == '\'' || quote == '"') {
				this.end += 2;
				this.unicode = true;
				return readQuoted(quote, false, (quote == '"') ? Token.NAME : Token.STRING);
			}
		}
		if (has(Feature.ATOMIC_BODIES)) {
			this.atomicBody.word(this);
		}
		return Token.WORD;
	}

	/**
	 * Read on behind an opening quote.
	 * @param escapable whether the settings of the server decide on backslash escapes
	 */
	private Token readQuoted(char quote, boolean escapable, Token token) {
		boolean escaped = escapable && has(Feature.BACKSLASH_ESCAPES) != this.alternative;
		while (true) {
			int close = this.sql.indexOf(quote, this.end);
			int last = (close >= 0) ? close : this.sql.length();
			if (escapable && findBackslash() < last) {
				this.ambiguous = true;
				if (escaped) {
					this.end = this.nextBackslash + 2;
					continue;
				}
			}
			if (close < 0) {
				return readUnfinished(token);
			}
			this.end = close + 1;
			if (at(this.end) != quote) {
				return token;
			}
			this.end++;
		}
	}

	private int findBackslash() {
		if (this.nextBackslash < this.end) {
			int backslash = this.sql.indexOf('\\', this.end);
			this.nextBackslash = (backslash >= 0) ? backslash : this.sql.length();
		}
		return this.nextBackslash;
	}

	/**
	 * The string goes on in the next line if there is another quote.
	 */
	private Token readEscapeString() {
		do {
			this.end++;
			readEscaped();
		}
		while (isContinued());
		return Token.STRING;
	}

	private void readEscaped() {
		while (this.end < this.sql.length()) {
			char c = this.sql.charAt(this.end++);
			if (c == '\\' || (c == '\'' && at(this.end) == '\'')) {
				this.end++;
			}
			else if (c == '\'') {
				return;
			}
		}
		readUnfinished(Token.STRING);
	}

	private boolean isContinued() {
		int endOfPart = this.end;
		skipBlanks();
		if (at(this.end) == '\''
				&& this.sql.substring(endOfPart, this.end).chars().anyMatch((c) -> c == '\n' || c == '\r')) {
			return true;
		}
		this.end = endOfPart;
		return false;
	}

	private Token readDollar() {
		int tagEnd = this.end;
		while (isWordPart(at(tagEnd)) && at(tagEnd) != '$') {
			tagEnd++;
		}
		if (isDigit(at(this.end))) {
			this.end = tagEnd;
			return Token.PARAMETER;
		}
		if (at(tagEnd) != '$') {
			return Token.SYMBOL;
		}
		String tag = this.sql.substring(this.start, tagEnd + 1);
		int close = this.sql.indexOf(tag, tagEnd + 1);
		if (close < 0) {
			return readUnfinished(Token.STRING);
		}
		this.end = close + tag.length();
		return Token.STRING;
	}

	private Token readQuestionMark() {
		char next = at(this.end);
		if (has(Feature.QUESTION_MARK_OPERATORS) && (next == '?' || next == '|' || next == '&')) {
			this.end++;
			return Token.SYMBOL;
		}
		return Token.PARAMETER;
	}

	private Token readUnfinished(Token token) {
		this.unfinished = true;
		this.end = this.sql.length();
		return token;
	}

	private void skipBlanks() {
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
	 * Skip a comment, or what encloses an executable one.
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

	private static boolean isBlank(char c) {
		return c <= ' ' || (c > '~' && Character.isSpaceChar(c));
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private static boolean isWordPart(char c) {
		return (c < WORD_PARTS.length) ? WORD_PARTS[c] : !Character.isSpaceChar(c);
	}

	/**
	 * Return where the token begins.
	 * @return the index of its first character
	 */
	public int start() {
		return this.start;
	}

	/**
	 * Return where the token ends.
	 * @return the index behind its last character
	 */
	public int end() {
		return this.end;
	}

	/**
	 * Return whether the token is a word.
	 * @param word the word, in lower case
	 * @return whether it is the word, in any case
	 */
	public boolean is(String word) {
		return this.end - this.start == word.length() && startsWith(word, 0);
	}

	/**
	 * Return whether the token begins with some text, in any case.
	 */
	boolean startsWith(String text, int offset) {
		return this.sql.regionMatches(true, this.start + offset, text, 0, text.length());
	}

	char charAt(int offset) {
		return at(this.start + offset);
	}

	/**
	 * Return the token as it is written.
	 */
	String text() {
		return this.sql.substring(this.start, this.end);
	}

	/**
	 * Return whether the token has unicode escapes, so that it means something else than
	 * it says.
	 */
	boolean isUnicode() {
		return this.unicode;
	}

	/**
	 * Return whether there was something that servers read in one way or another,
	 * depending on their version and settings.
	 */
	boolean isAmbiguous() {
		return this.ambiguous;
	}

	/**
	 * Return whether a comment, a literal or a body was not closed.
	 */
	boolean isUnfinished() {
		return this.unfinished || this.atomicBody.isOpen();
	}

	/**
	 * The kinds of tokens.
	 */
	public enum Token {

		/** A key word, a name without quotes, or a number. */
		WORD,

		/** A name in quotes, or with MySQL a string in double quotes. */
		NAME,

		/** A string in quotes of any kind. */
		STRING,

		/** A placeholder. */
		PARAMETER,

		/** What ends a statement. */
		SEPARATOR,

		/** A single character of anything else, or an operator with a question mark. */
		SYMBOL,

		/** There is no further token. */
		END

	}

	/**
	 * Whether the next token is in the body of a function that is made up of statements.
	 */
	private static final class AtomicBody {

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

}
