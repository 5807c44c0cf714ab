package io.appdbs.mongo.command;

import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Shows the names of fields, but not the parts that are probably keys of a map.
 */
final class FieldName {

	/** A path of a field, in an expression. */
	private static final Pattern REFERENCE = Pattern.compile("\\$\\$?[\\p{L}_][\\p{L}\\p{N}_.]*");

	/** A name, an index or a placeholder of an array. */
	private static final Pattern PART = Pattern
		.compile("\\$?[\\p{L}_][\\p{L}\\p{N}_-]{0,63}|\\d{1,4}|\\$(?:\\[\\w*\\])?");

	/** In a number, a UUID, a hash or a generated identifier. */
	private static final Pattern GENERATED = Pattern
		.compile("\\d{5,}|(?=\\w*\\d)(?:[0-9a-fA-F]{16,})|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-");

	private FieldName() {
	}

	/**
	 * Returns the name of a field or a path, up to the first part that does not look like
	 * a name.
	 */
	static String show(String name) {
		StringJoiner result = new StringJoiner(".");
		for (String part : name.split("\\.", -1)) {
			boolean index = !part.isEmpty() && Character.isDigit(part.charAt(0));
			if (index && result.length() == 0 || !PART.matcher(part).matches() || GENERATED.matcher(part).find()) {
				return result.add(CommandShape.VALUE).toString();
			}
			result.add(part);
		}
		return result.toString();
	}

	/**
	 * Returns whether a text is a reference to a field or a variable, and can be shown.
	 */
	static boolean isReference(String text) {
		return REFERENCE.matcher(text).matches() && show(text.substring(1)).equals(text.substring(1));
	}

	/**
	 * Returns a text that names a field or a collection.
	 */
	static String showName(String text) {
		String shown = show(text);
		return shown.equals(text) ? shown : CommandShape.VALUE;
	}

}
