package io.appdbs.engine.schema;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a type as SQL has it, such as {@code numeric(10,2)}.
 *
 * @param base the name in lower case, without arguments
 * @param arguments the arguments with their parentheses, empty without any
 */
record TypeName(String base, String arguments) {

	private static final Pattern ARGUMENTS = Pattern.compile("\\s*(\\([^)]*\\))");

	/**
	 * Parses the name of a type.
	 * @param name the name, which may be in double quotes
	 * @param aliases other names of types
	 */
	static TypeName parse(String name, Map<String, String> aliases) {
		Matcher matcher = ARGUMENTS.matcher(name);
		String arguments = matcher.find() ? matcher.group(1).replace(" ", "") : "";
		String base = matcher.replaceFirst("")
			.replace("\"", "")
			.trim()
			.replaceAll("\\s+", " ")
			.toLowerCase(Locale.ROOT);
		String element = base.replaceFirst("\\[\\]$", "");
		return new TypeName(aliases.getOrDefault(element, element) + base.substring(element.length()), arguments);
	}

	/**
	 * Returns whether this name, if written without arguments, stands for a type with
	 * any.
	 */
	boolean matches(TypeName type) {
		return this.base.equals(type.base) && (this.arguments.isEmpty() || this.arguments.equals(type.arguments));
	}

}
