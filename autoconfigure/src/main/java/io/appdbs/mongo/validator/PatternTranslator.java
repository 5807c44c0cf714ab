package io.appdbs.mongo.validator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.appdbs.mongo.validator.PatternRules.PatternFlag;

/**
 * Translates a regular expression of Java, which has to match a whole value, into one of
 * PCRE that matches the same values, or more. A construct whose meaning differs is not
 * translated.
 */
final class PatternTranslator {

	/** A line terminator of Java ends a value only before its end. */
	private static final String END = "(?=[\\n\\r\\x{85}\\x{2028}\\x{2029}]{0,2}\\z)";

	private static final String ANY_BUT_TERMINATORS = "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";

	private static final Pattern QUANTIFIER = Pattern.compile("\\{(\\d{1,5})(?:,(\\d{0,5}))?\\}");

	private static final Pattern GROUP = Pattern.compile("\\?(?::|=|!|>|<[A-Za-z][A-Za-z0-9]*>)");

	private static final Pattern REFERENCE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\[1-9]");

	private static final int MAX_REPETITIONS = 65535;

	private final String regexp;

	private final boolean anyCase;

	private final Set<PatternFlag> flags;

	private final EscapeTranslator escapes;

	private final boolean referring;

	private final StringBuilder result = new StringBuilder();

	/** The open groups: whether each is a negative look-ahead. */
	private final Deque<Boolean> groups = new ArrayDeque<>();

	private int position;

	private int negated;

	private int numberedGroups;

	PatternTranslator(String regexp, Set<PatternFlag> flags) {
		this.regexp = regexp;
		this.flags = flags;
		this.anyCase = flags.contains(PatternFlag.CASE_INSENSITIVE);
		this.escapes = new EscapeTranslator(this.anyCase);
		this.referring = REFERENCE.matcher(regexp).find();
	}

	ServerPattern translate() throws UntranslatablePatternException {
		checkSyntax();
		for (PatternFlag flag : Set.of(PatternFlag.COMMENTS, PatternFlag.CANON_EQ)) {
			if (this.flags.contains(flag)) {
				throw new UntranslatablePatternException("the flag %s cannot be translated".formatted(flag));
			}
		}
		this.result.append("(?").append(this.anyCase ? "i" : "").append(":");
		while (this.position < this.regexp.length()) {
			translateNext();
		}
		return new ServerPattern(this.result.append(")").toString(), this.referring);
	}

	private void checkSyntax() throws UntranslatablePatternException {
		try {
			Pattern.compile(this.regexp);
		}
		catch (PatternSyntaxException ex) {
			throw new UntranslatablePatternException("it is not a regular expression");
		}
	}

	private void translateNext() throws UntranslatablePatternException {
		char next = this.regexp.charAt(this.position);
		switch (next) {
			case '(' -> openGroup();
			case ')' -> closeGroup();
			case '[' -> translateClass();
			case '{' -> translateQuantifier();
			case '\\' -> this.result.append(translateEscape(false));
			case '.' -> append(translateDot());
			case '$' -> translateEnd();
			case '^' -> translateBegin();
			case '|', '*', '+', '?' -> append(String.valueOf(next));
			default -> {
				int character = this.regexp.codePointAt(this.position);
				this.position += Character.charCount(character);
				this.result.append(EscapeTranslator.quote(character));
			}
		}
	}

	private void append(String translated) {
		this.result.append(translated);
		this.position++;
	}

	private void openGroup() throws UntranslatablePatternException {
		boolean negative = false;
		String prefix = "(";
		if (this.regexp.startsWith("?", this.position + 1)) {
			Matcher matcher = GROUP.matcher(this.regexp).region(this.position + 1, this.regexp.length());
			if (!matcher.lookingAt()) {
				throw EscapeTranslator
					.differs(this.regexp.substring(this.position, Math.min(this.position + 4, this.regexp.length())));
			}
			negative = matcher.group().equals("?!");
			prefix += matcher.group();
		}
		if (negative && this.anyCase) {
			throw EscapeTranslator.differs("(?!");
		}
		this.groups.push(negative);
		this.negated += negative ? 1 : 0;
		boolean numbered = !prefix.startsWith("(?") || prefix.startsWith("(?<");
		this.result.append(!numbered ? prefix : (this.referring ? "(?<g%d>".formatted(++this.numberedGroups) : "(?:"));
		this.position += prefix.length();
	}

	private void closeGroup() throws UntranslatablePatternException {
		if (this.groups.isEmpty()) {
			throw EscapeTranslator.differs(")");
		}
		this.negated -= this.groups.pop() ? 1 : 0;
		append(")");
	}

	private void translateQuantifier() throws UntranslatablePatternException {
		Matcher matcher = QUANTIFIER.matcher(this.regexp).region(this.position, this.regexp.length());
		if (!matcher.lookingAt() || isLarge(matcher.group(1)) || isLarge(matcher.group(2))) {
			throw EscapeTranslator.differs("{");
		}
		this.result.append(matcher.group());
		this.position = matcher.end();
	}

	private static boolean isLarge(String number) {
		return number != null && !number.isEmpty() && Integer.parseInt(number) > MAX_REPETITIONS;
	}

	private String translateDot() {
		if (this.flags.contains(PatternFlag.DOTALL)) {
			return "[\\s\\S]";
		}
		return this.flags.contains(PatternFlag.UNIX_LINES) ? "[^\\n]" : ANY_BUT_TERMINATORS;
	}

	private void translateBegin() throws UntranslatablePatternException {
		rejectLines("^");
		append("\\A");
	}

	private void translateEnd() throws UntranslatablePatternException {
		rejectLines("$");
		if (this.negated > 0) {
			throw EscapeTranslator.differs("$");
		}
		append(END);
	}

	private void rejectLines(String anchor) throws UntranslatablePatternException {
		if (this.flags.contains(PatternFlag.MULTILINE)) {
			throw EscapeTranslator.differs(anchor);
		}
	}

	private void translateClass() throws UntranslatablePatternException {
		this.position++;
		this.result.append('[');
		boolean negative = this.regexp.startsWith("^", this.position);
		if (negative) {
			if (this.anyCase) {
				throw EscapeTranslator.differs("[^");
			}
			append("^");
		}
		boolean first = true;
		while (first || peek() != ']') {
			translateMember(first);
			first = false;
		}
		append("]");
	}

	private char peek() throws UntranslatablePatternException {
		if (this.position >= this.regexp.length()) {
			throw EscapeTranslator.differs("[");
		}
		return this.regexp.charAt(this.position);
	}

	/**
	 * A hyphen that is not part of a range is escaped, as PCRE rejects it after a
	 * predefined class.
	 */
	private void translateMember(boolean first) throws UntranslatablePatternException {
		char next = peek();
		if (next == '[' || next == '&' && this.regexp.startsWith("&&", this.position) || next == ']' && first) {
			throw EscapeTranslator.differs(String.valueOf(next));
		}
		int start = this.result.length();
		boolean character = translateMemberCharacter(next);
		if (character && next != '-' && isRange()) {
			append("-");
			if (peek() == '[' || !translateMemberCharacter(peek())) {
				throw EscapeTranslator.differs(this.result.substring(start));
			}
		}
	}

	private boolean isRange() {
		return this.regexp.startsWith("-", this.position) && this.position + 1 < this.regexp.length()
				&& this.regexp.charAt(this.position + 1) != ']';
	}

	/**
	 * Translates a member of a class.
	 * @return whether it is a single character
	 */
	private boolean translateMemberCharacter(char next) throws UntranslatablePatternException {
		if (next == '\\') {
			String escape = translateEscape(true);
			this.result.append(escape);
			return !EscapeTranslator.isSet(escape);
		}
		int character = this.regexp.codePointAt(this.position);
		this.position += Character.charCount(character);
		this.result.append(EscapeTranslator.quote(character));
		return true;
	}

	private String translateEscape(boolean inClass) throws UntranslatablePatternException {
		PatternEscape escape = PatternEscape.read(this.regexp, this.position);
		this.position = escape.end();
		boolean reference = !inClass && escape.text().matches("\\\\[1-9]");
		return reference ? translateReference(escape.text()) : this.escapes.translate(escape, inClass);
	}

	/**
	 * A group is given a name, since a server may not number its groups.
	 */
	private String translateReference(String text) throws UntranslatablePatternException {
		int group = text.charAt(1) - '0';
		boolean longer = this.position < this.regexp.length() && Character.isDigit(this.regexp.charAt(this.position));
		if (group > this.numberedGroups || longer) {
			throw EscapeTranslator.differs(text);
		}
		return "\\k<g%d>".formatted(group);
	}

}
