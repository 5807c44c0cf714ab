package io.appdbs.mongo.validator;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Translates the escape sequences of a regular expression.
 *
 * @param anyCase whether the expression ignores the case
 */
record EscapeTranslator(boolean anyCase) {

	/** Classes that only Java knows, as members of a class. */
	private static final Map<String, String> CLASSES = Map.ofEntries(Map.entry("Lower", "a-z"),
			Map.entry("Upper", "A-Z"), Map.entry("ASCII", "\\x00-\\x7F"), Map.entry("Alpha", "A-Za-z"),
			Map.entry("Digit", "0-9"), Map.entry("Alnum", "A-Za-z0-9"), Map.entry("Punct", "!-\\/:-@\\[-`{-~"),
			Map.entry("Graph", "!-~"), Map.entry("Print", " -~"), Map.entry("Blank", " \\t"),
			Map.entry("Cntrl", "\\x00-\\x1F\\x7F"), Map.entry("XDigit", "0-9A-Fa-f"),
			Map.entry("Space", " \\t\\n\\x0B\\f\\r"));

	/** General categories, which have the same names. */
	private static final Pattern CATEGORY = Pattern.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?");

	/**
	 * Returns a character as itself.
	 */
	static String quote(int character) throws UntranslatablePatternException {
		if (Character.MIN_SURROGATE <= character && character <= Character.MAX_SURROGATE) {
			throw new UntranslatablePatternException("it has half of a character");
		}
		if (character < ' ' || character > '~') {
			return "\\x{%X}".formatted(character);
		}
		String text = Character.toString(character);
		return (Character.isLetterOrDigit(character) || character == ' ') ? text : "\\" + text;
	}

	/**
	 * Translates a sequence.
	 * @param inClass whether it is a member of a class
	 */
	String translate(PatternEscape escape, boolean inClass) throws UntranslatablePatternException {
		if (escape.codePoint() >= 0) {
			return quote(escape.codePoint());
		}
		String text = escape.text();
		if (!escape.name().isEmpty()) {
			return translateProperty(text, escape.name(), inClass);
		}
		boolean negative = Character.isUpperCase(text.charAt(1));
		if (text.equals("\\A") && !inClass) {
			return text;
		}
		if (!text.matches("\\\\[dDwWsShHvV]") || negative && this.anyCase) {
			throw differs(text);
		}
		return text;
	}

	private String translateProperty(String text, String name, boolean inClass) throws UntranslatablePatternException {
		boolean negative = text.startsWith("\\P");
		String members = CLASSES.get(name);
		if (this.anyCase || members != null && negative && inClass
				|| members == null && !CATEGORY.matcher(name).matches()) {
			throw differs(text);
		}
		if (members == null) {
			return (negative ? "\\P{%s}" : "\\p{%s}").formatted(name);
		}
		return inClass ? members : "[%s%s]".formatted(negative ? "^" : "", members);
	}

	/**
	 * Returns whether a translated member of a class is several characters.
	 */
	static boolean isSet(String translated) {
		return translated.matches("\\\\[dDwWsShHvVpP].*") || CLASSES.containsValue(translated);
	}

	static UntranslatablePatternException differs(String construct) {
		return new UntranslatablePatternException("'%s' has another meaning on the server".formatted(construct));
	}

}
