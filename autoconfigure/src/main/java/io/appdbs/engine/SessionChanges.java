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

	private static final String SPACE = "(?>\\s+|--[^\\n]*+|/\\*.*?\\*/)*+";

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
		String set = "set\\b" + SPACE + "(?!(?:" + exceptions.replace(" ", "\\s+") + ")\\b)";
		this.commands = Pattern.compile(SPACE + "(?:" + set + "|(?:" + commands.replace(" ", "\\s+") + ")\\b)",
				Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
		this.words = words.stream().flatMap((word) -> Stream.of(word, word.toUpperCase(Locale.ROOT))).toList();
	}

	boolean isIn(String sql) {
		Matcher matcher = this.commands.matcher(sql);
		if (matcher.lookingAt()) {
			return true;
		}
		for (String word : this.words) {
			if (sql.contains(word)) {
				return true;
			}
		}
		for (int end = sql.indexOf(';'); end >= 0; end = sql.indexOf(';', end + 1)) {
			if (matcher.region(end + 1, sql.length()).lookingAt()) {
				return true;
			}
		}
		return false;
	}

}
