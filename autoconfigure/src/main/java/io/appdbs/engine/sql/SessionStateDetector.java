package io.appdbs.engine.sql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.sql.SqlLexer.Token;

/**
 * Detects, by their text, statements that change the state of the session on the server.
 * Statements that cannot be parsed are treated as such.
 */
public final class SessionStateDetector {

	/**
	 * Statements that change a session only through a function in them, the most frequent
	 * first.
	 */
	private static final List<String> HARMLESS = List.of("select", "insert", "update", "delete", "with", "merge",
			"replace", "values", "commit", "rollback", "call", "show", "table");

	/** The pool rolls back only transactions that were begun through JDBC. */
	private static final Pattern BEGIN = beginning("begin(?! not atomic )|start transaction");

	private static final Pattern SET = beginning("set");

	/** Text that may precede a statement, or the first one in a body. */
	private static final Pattern PREFIX = Pattern.compile("(?:[({] |\\? = |< < \\S+ > > |\\S+ : (?=begin |loop |while )"
			+ "|explain (?:\\( [^)]*\\) )?(?:(?:analy[sz]e|verbose) )*)*+");

	/** Words in a body that a statement follows without a semicolon. */
	private static final Pattern BLOCK = beginning(
			"begin|declare|if|elsif|elseif|else|when|exception|case|loop|while|for|foreach|repeat");

	/** The statement that a body executes is known only at run time. */
	private static final Pattern DYNAMIC = Pattern.compile("\\bexecute\\b");

	private final SqlSyntax syntax;

	private final Rules rules;

	private final Pattern exceptions;

	private final Pattern commands;

	private final Pattern anywhere;

	private final Pattern commandsAnywhere;

	public SessionStateDetector(SqlSyntax syntax, Rules rules) {
		this.syntax = syntax;
		this.rules = rules;
		this.exceptions = beginning(rules.exceptions());
		this.commands = beginning(rules.commands());
		this.anywhere = Pattern.compile(rules.anywhere());
		this.commandsAnywhere = Pattern
			.compile("\\b(?:set(?! (?:" + rules.exceptions() + ") )|" + rules.commands() + ")(?: |$)");
	}

	private static Pattern beginning(String expression) {
		return Pattern.compile("(?:" + expression + ")(?: |$)");
	}

	/**
	 * Returns whether a statement changes the session. Most statements are read once and
	 * not copied.
	 * @param sql the sql
	 * @return whether one of several statements changes the session
	 */
	public boolean isIn(String sql) {
		SqlLexer lexer = new SqlLexer(sql, this.syntax);
		boolean suspect = isSuspect(lexer);
		while (suspect && lexer.next() != Token.END) {
			// the rest decides whether there is another way to read it
			continue;
		}
		if (lexer.isUnfinished() || (suspect && isIn(sql, false, false))) {
			return true;
		}
		return lexer.isAmbiguous() && isSuspect(new SqlLexer(sql, this.syntax, true)) && isIn(sql, true, false);
	}

	private boolean isSuspect(SqlLexer lexer) {
		boolean first = true;
		while (true) {
			switch (lexer.next()) {
				case END -> {
					return false;
				}
				case SEPARATOR -> first = true;
				case WORD -> {
					if (first ? !isHarmless(lexer) : this.rules.isSuspect(lexer, 0)) {
						return true;
					}
					first = false;
				}
				case NAME -> {
					if (lexer.isUnicode() || this.rules.isSuspect(lexer, 1)) {
						return true;
					}
				}
				case SYMBOL -> {
					if (this.rules.isSuspect(lexer.charAt(0), lexer.charAt(1))) {
						return true;
					}
				}
				default -> {
				}
			}
		}
	}

	private static boolean isHarmless(SqlLexer lexer) {
		for (String word : HARMLESS) {
			if (lexer.is(word)) {
				return true;
			}
		}
		return false;
	}

	private boolean isIn(String sql, boolean alternative, boolean body) {
		for (SqlStatement statement : SqlStatement.split(sql, this.syntax, alternative)) {
			if (isChange(statement.text(), body)) {
				return true;
			}
			if (statement.string() != null && statement.text().startsWith("do ")
					&& isIn(statement.string(), alternative, true)) {
				return true;
			}
		}
		return false;
	}

	private boolean isChange(String text, boolean body) {
		Matcher matcher = PREFIX.matcher(text);
		int begin = matcher.lookingAt() ? matcher.end() : 0;
		if (isAt(begin, SET, matcher)) {
			return !isAt(matcher.end(), this.exceptions, matcher);
		}
		if (isAt(begin, this.commands, matcher) || (!body && isAt(begin, BEGIN, matcher))) {
			return true;
		}
		if (isAt(begin, BLOCK, matcher) && this.commandsAnywhere.matcher(text).find(matcher.end())) {
			return true;
		}
		return this.anywhere.matcher(text).find() || (body && DYNAMIC.matcher(text).find());
	}

	private static boolean isAt(int position, Pattern pattern, Matcher matcher) {
		return matcher.usePattern(pattern).region(position, matcher.regionEnd()).lookingAt();
	}

	/**
	 * Rules for statements that change the session. The regular expressions are for the
	 * {@linkplain SqlStatement#text() text} of statements.
	 *
	 * @param exceptions text after {@code SET} that does not change the session
	 * @param commands beginnings of other commands that change the session
	 * @param anywhere text anywhere in statements that change the session
	 * @param words the beginnings of words, in lower case; each match of {@code anywhere}
	 * contains one of them or one of the symbols
	 * @param symbols the symbols; a colon counts only in front of an equals sign
	 */
	public record Rules(String exceptions, String commands, String anywhere, List<String> words, String symbols) {

		/** Never matches. */
		public static final String NONE = "(?!)";

		private boolean isSuspect(SqlLexer lexer, int offset) {
			// in lower case, if it is a letter
			char first = (char) (lexer.charAt(offset) | 0x20);
			for (String word : this.words) {
				if (word.charAt(0) == first && lexer.startsWith(word, offset)) {
					return true;
				}
			}
			return false;
		}

		private boolean isSuspect(char symbol, char next) {
			return this.symbols.indexOf(symbol) >= 0 && (symbol != ':' || next == '=');
		}

	}

}
