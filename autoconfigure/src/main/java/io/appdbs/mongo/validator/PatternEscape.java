package io.appdbs.mongo.validator;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An escape sequence of a regular expression of Java.
 *
 * @param text the sequence
 * @param end where it ends
 * @param codePoint the character that it stands for, negative if it is none
 * @param name the name of a property or an empty string
 */
record PatternEscape(String text, int end, int codePoint, String name) {

	private static final Pattern NUMBER = Pattern
		.compile("\\\\(?:x([0-9A-Fa-f]{2})|x\\{([0-9A-Fa-f]{1,6})\\}|u([0-9A-Fa-f]{4}))");

	private static final Pattern PROPERTY = Pattern.compile("\\\\[pP](?:\\{(\\w+)\\}|([A-Z]))");

	private static final Map<Character, Integer> CONTROLS = Map.of('t', 0x09, 'n', 0x0A, 'r', 0x0D, 'f', 0x0C, 'a',
			0x07, 'e', 0x1B);

	/**
	 * Reads an escape sequence.
	 */
	static PatternEscape read(String regexp, int begin) throws UntranslatablePatternException {
		if (begin + 1 >= regexp.length()) {
			throw new UntranslatablePatternException("it ends with a backslash");
		}
		Matcher number = NUMBER.matcher(regexp).region(begin, regexp.length());
		if (number.lookingAt()) {
			return readNumber(number);
		}
		Matcher property = PROPERTY.matcher(regexp).region(begin, regexp.length());
		if (property.lookingAt()) {
			String name = (property.group(1) != null) ? property.group(1) : property.group(2);
			return new PatternEscape(property.group(), property.end(), -1, name);
		}
		int character = regexp.codePointAt(begin + 1);
		int end = begin + 1 + Character.charCount(character);
		boolean letter = character < 128 && Character.isLetterOrDigit(character);
		Integer control = CONTROLS.get((char) character);
		return new PatternEscape(regexp.substring(begin, end), end,
				letter ? ((control != null) ? control : -1) : character, "");
	}

	private static PatternEscape readNumber(Matcher number) throws UntranslatablePatternException {
		String digits = Stream.of(number.group(1), number.group(2), number.group(3))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
		int codePoint = Integer.parseInt(digits, 16);
		if (codePoint > Character.MAX_CODE_POINT
				|| Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE) {
			throw new UntranslatablePatternException("'%s' is no character".formatted(number.group()));
		}
		return new PatternEscape(number.group(), number.end(), codePoint, "");
	}

}
