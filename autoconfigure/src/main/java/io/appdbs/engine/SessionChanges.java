package io.appdbs.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recognizes, by their text alone, statements that leave something behind in the session
 * of the server.
 */
final class SessionChanges {

	/** The pool rolls back what it knows of alone, which is not what begins in SQL. */
	private static final String BEGIN = "begin(?! not atomic)|start transaction|";

	/** Spaces and comments, unless MySQL executes what is in them. */
	private static final Pattern SPACE = Pattern
		.compile("(?>\\s+|--[^\\n]*+|#[^\\n]*+|/\\*M?!\\d*+|/\\*(?>.*?\\*/|.*+))*+", Pattern.DOTALL);

	private static final Pattern SET = Pattern.compile("set\\b", Pattern.CASE_INSENSITIVE);

	private final Pattern exceptions;

	private final Pattern commands;

	private final List<String> words;

	/**
	 * Create new {@link SessionChanges}.
	 * @param exceptions regular expression for what may follow {@code SET} without being
	 * of the session
	 * @param commands regular expression for how other commands begin; a space stands for
	 * any number
	 * @param words what statements have in them, in lower case; it is recognized in upper
	 * case as well
	 */
	SessionChanges(String exceptions, String commands, List<String> words) {
		this.exceptions = beginning(exceptions);
		this.commands = beginning(BEGIN + commands);
		this.words = words.stream().flatMap((word) -> Stream.of(word, word.toUpperCase(Locale.ROOT))).toList();
	}

	private static Pattern beginning(String expression) {
		return Pattern.compile("(?:" + expression.replace(" ", "\\s+") + ")\\b", Pattern.CASE_INSENSITIVE);
	}

	/**
	 * Return whether one of several statements changes the session. What has been passed
	 * is not read again, lest long texts take for ever.
	 */
	boolean isIn(String sql) {
		for (String word : this.words) {
			if (sql.contains(word)) {
				return true;
			}
		}
		Matcher matcher = SPACE.matcher(sql);
		int position = 0;
		do {
			position = pass(matcher, SPACE, position);
			int afterSet = pass(matcher, SET, position);
			if (afterSet > position) {
				position = pass(matcher, SPACE, afterSet);
				if (pass(matcher, this.exceptions, position) == position) {
					return true;
				}
			}
			else if (pass(matcher, this.commands, position) > position) {
				return true;
			}
			position = sql.indexOf(';', position) + 1;
		}
		while (position > 0);
		return false;
	}

	private static int pass(Matcher matcher, Pattern pattern, int position) {
		return matcher.usePattern(pattern).region(position, matcher.regionEnd()).lookingAt() ? matcher.end() : position;
	}

}
