package io.appdbs.engine.sql;

import io.appdbs.engine.sql.SqlSyntax.Feature;

/**
 * Reads the tokens of SQL, one after the other, in one pass and without copying the text.
 * Never fails: text that the server would reject is read to its end. Not thread-safe.
 */
public final class SqlLexer extends SqlScanner {

	private final AtomicBody atomicBody = new AtomicBody();

	private int start;

	private int nextBackslash = -1;

	private boolean unicode;

	/**
	 * Creates a new {@link SqlLexer} in front of the first token.
	 * @param sql one statement or several
	 * @param syntax the syntax of the server
	 */
	public SqlLexer(String sql, SqlSyntax syntax) {
		this(sql, syntax, false);
	}

	SqlLexer(String sql, SqlSyntax syntax, boolean alternative) {
		super(sql, syntax, alternative);
	}

	/**
	 * Returns a lexer that reads an {@linkplain #isAmbiguous() ambiguous} text in the way
	 * that is not the default.
	 * @param sql one statement or several
	 * @param syntax the syntax of the server
	 * @return a lexer in front of the first token
	 */
	public static SqlLexer alternative(String sql, SqlSyntax syntax) {
		return new SqlLexer(sql, syntax, true);
	}

	/**
	 * Reads the next token.
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
			case ';' -> this.atomicBody.endStatement() ? Token.SEPARATOR : Token.SYMBOL;
			default -> readSymbol(c);
		};
	}

	private Token readSymbol(char symbol) {
		this.atomicBody.symbol(symbol);
		return Token.SYMBOL;
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
	 * Reads on behind an opening quote.
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
	 * The string continues in the next line if that begins with a quote.
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

	/**
	 * Returns where the token begins.
	 * @return the index of its first character
	 */
	public int start() {
		return this.start;
	}

	/**
	 * Returns where the token ends.
	 * @return the index behind its last character
	 */
	public int end() {
		return this.end;
	}

	/**
	 * Returns whether the token is a word.
	 * @param word the word, in lower case
	 * @return whether it is the word, in any case
	 */
	public boolean is(String word) {
		return this.end - this.start == word.length() && startsWith(word, 0);
	}

	/**
	 * Returns whether the token begins with some text, in any case.
	 */
	boolean startsWith(String text, int offset) {
		return this.sql.regionMatches(true, this.start + offset, text, 0, text.length());
	}

	char charAt(int offset) {
		return at(this.start + offset);
	}

	/**
	 * Returns the text of the token.
	 * @return the text as it is written
	 */
	public String text() {
		return this.sql.substring(this.start, this.end);
	}

	/**
	 * Returns whether the token has unicode escapes, so that its text is not its meaning.
	 */
	boolean isUnicode() {
		return this.unicode;
	}

	/**
	 * Returns whether the meaning of the text depends on the version or settings of the
	 * server.
	 * @return whether the text that was read so far can be read in another way
	 */
	public boolean isAmbiguous() {
		return this.ambiguous;
	}

	/**
	 * Returns whether a comment, a literal or a body was not closed.
	 * @return whether the text that was read so far ends within one
	 */
	public boolean isUnfinished() {
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

		/** The end of a statement. */
		SEPARATOR,

		/** A single character of anything else, or an operator with a question mark. */
		SYMBOL,

		/** There is no further token. */
		END

	}

}
