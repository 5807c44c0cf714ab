package io.appdbs.engine.inspection;

import java.util.regex.Pattern;

/**
 * Writes names as the SQL of H2 does.
 */
final class H2Names {

	private static final Pattern PLAIN = Pattern.compile("[A-Z_][A-Z0-9_]*");

	private H2Names() {
	}

	/**
	 * Returns a name in quotes, unless it has only capital letters and digits.
	 */
	static String display(String name) {
		return PLAIN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
	}

}
