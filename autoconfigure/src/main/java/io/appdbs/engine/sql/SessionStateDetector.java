package io.appdbs.engine.sql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.sql.SqlLexer.Token;

/**
 * Recognizes, by their text alone, statements that leave something behind in the session
 * of the server. Statements that cannot be read are taken for such.
 */
public final class SessionStateDetector {

	/** What changes a session only by what is called in it, the most frequent first. */
	private static final List<String> HARMLESS = List.of("select", "insert", "update", "delete", "with", "merge",
			"replace", "values", "commit", "rollback", "call", "show", "table");

	/** The pool rolls back only what was begun through JDBC. */
	private static final Pattern BEGIN = beginning("begin(?! not atomic )|start transaction");

	private static final Pattern SET = beginning("set");

	/** What may be in front of a statement, or of the first one in a body. */
	private static final Pattern PREFIX = Pattern.compile("(?:[({] |\\? = |< < \\S+ > > |\\S+ : (?=begin |loop |while )"
			+ "|explain (?:\\( [^)]*\\) )?(?:(?:analy[sz]e|verbose) )*)*+");

	/** What in a body is followed by a statement without a semicolon between. */
	private static final Pattern BLOCK = beginning(
			"begin|declare|if|elsif|elseif|else|when|exception|case|loop|while|for|foreach|repeat");

	/** What a body executes is known when it is executed. */
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
	 * Return whether one of several statements changes the session. Most statements are
	 * read once and not copied.
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
	 * What changes the session of a server. The regular expressions are for the
	 * {@linkplain SqlStatement#text() text} of statements.
	 *
	 * @param exceptions what may follow {@code SET} without being of the session
	 * @param commands how other commands begin
	 * @param anywhere what statements have in them
	 * @param words the beginnings of the words, in lower case, of which each match of
	 * {@code anywhere} has one, if it has none of the symbols
	 * @param symbols the symbols of which it has one; a colon counts in front of an
	 * equals sign
	 */
	public record Rules(String exceptions, String commands, String anywhere, List<String> words, String symbols) {

		/** Matches nowhere. */
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
