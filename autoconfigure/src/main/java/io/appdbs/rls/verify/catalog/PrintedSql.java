package io.appdbs.rls.verify.catalog;

import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Replaces names in SQL as PostgreSQL prints it with an empty {@code search_path}: names
 * of relations and functions have their schema, key words are in capital letters, and
 * names with capital letters are quoted.
 */
public final class PrintedSql {

	private static final String STRING = "E?'(?:[^'\\\\]|''|\\\\.)*'";

	private static final String IDENTIFIER = "(?:[a-z_][a-z0-9_$]*|\"(?:[^\"]|\"\")*\")";

	private static final Pattern TOKEN = Pattern
		.compile("%s|(?<![\\w$.])(?<name>%s(?:\\.%2$s)+)".formatted(STRING, IDENTIFIER));

	/** A name that is not a key word. */
	private static final Pattern ALIAS = Pattern.compile("\\s+" + IDENTIFIER);

	private static final Pattern PARENTHESIS = Pattern.compile(STRING + "|\"(?:[^\"]|\"\")*\"|[()]");

	private static final Pattern LINE_BREAK = Pattern.compile(STRING + "|\"(?:[^\"]|\"\")*\"|\\n\\s*");

	private final String text;

	public PrintedSql(String text) {
		this.text = text;
	}

	/**
	 * Returns the SQL in one line.
	 * @return the SQL in one line
	 */
	public String inOneLine() {
		return LINE_BREAK.matcher(this.text)
			.replaceAll((match) -> Matcher.quoteReplacement(match.group().startsWith("\n") ? " " : match.group()));
	}

	/**
	 * Replace relations that are read.
	 * @param names returns what stands for a relation, or {@code null} to keep it
	 * @return the SQL
	 */
	public String replaceRelations(Function<String, @Nullable String> names) {
		return replace((match) -> {
			String name = names.apply(match.group());
			boolean type = match.start() > 1 && this.text.startsWith("::", match.start() - 2);
			if (name == null || type || this.text.startsWith("(", match.end())) {
				return null;
			}
			boolean alias = ALIAS.matcher(this.text).region(match.end(), this.text.length()).lookingAt();
			return alias ? name : name + " AS " + match.group().substring(match.group().lastIndexOf('.') + 1);
		});
	}

	/**
	 * Replace calls of a function with their arguments.
	 * @param name the name of the function
	 * @param replacement what stands for a call
	 * @return the SQL
	 */
	String replaceCalls(String name, String replacement) {
		StringBuilder replaced = new StringBuilder();
		Matcher matcher = TOKEN.matcher(this.text);
		int end = 0;
		while (matcher.find()) {
			if (matcher.start() >= end && name.equals(matcher.group("name"))
					&& this.text.startsWith("(", matcher.end())) {
				replaced.append(this.text, end, matcher.start()).append(replacement);
				end = findClosing(matcher.end());
			}
		}
		return replaced.append(this.text, end, this.text.length()).toString();
	}

	/**
	 * Returns where what a parenthesis opens ends.
	 * @param open the index of the parenthesis
	 */
	int findClosing(int open) {
		Matcher strings = PARENTHESIS.matcher(this.text);
		strings.region(open, this.text.length());
		int depth = 0;
		while (strings.find()) {
			switch (strings.group()) {
				case "(" -> depth++;
				case ")" -> depth--;
				default -> {
				}
			}
			if (depth == 0) {
				return strings.end();
			}
		}
		return this.text.length();
	}

	private String replace(Function<MatchResult, @Nullable String> replacements) {
		return TOKEN.matcher(this.text).replaceAll((match) -> {
			String replacement = isString(match.group()) ? null : replacements.apply(match);
			return Matcher.quoteReplacement((replacement != null) ? replacement : match.group());
		});
	}

	private static boolean isString(String token) {
		return token.startsWith("'") || token.startsWith("E'");
	}

}
