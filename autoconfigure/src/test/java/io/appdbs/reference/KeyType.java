package io.appdbs.reference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Type of a key in the metadata, as somebody who writes a value knows it.
 */
final class KeyType {

	private static final Map<String, String> NAMES = Map.of("java.lang.String", "text", "java.lang.Boolean",
			"`true`, `false`", "java.lang.Integer", "integer", "java.lang.Double", "number", "java.time.Duration",
			"duration", "org.springframework.util.unit.DataSize", "size", "java.nio.charset.Charset", "charset",
			"java.io.File", "file");

	private KeyType() {
	}

	/**
	 * Returns the words for a type.
	 * @param type the type in the metadata
	 * @return the words, in the singular
	 */
	static String describe(String type) {
		String argument = type.replaceFirst("^[^<]+<(.*)>$", "$1");
		if (type.startsWith("java.util.List<") || type.startsWith("java.util.Set<")) {
			return "list of " + plural(describe(argument));
		}
		if (type.startsWith("java.util.Map<")) {
			return "map to " + plural(describe(argument.substring(argument.indexOf(',') + 1)));
		}
		String name = NAMES.get(type);
		if (name != null) {
			return name;
		}
		Class<?> javaType = load(type);
		return javaType.isEnum() ? describeConstants(javaType) : "group of keys";
	}

	static Class<?> load(String type) {
		try {
			return Class.forName(type);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String describeConstants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.joining("`, `", "`", "`"));
	}

	private static String plural(String words) {
		return switch (words) {
			case "text" -> "texts";
			case "integer", "duration" -> words + "s";
			case "group of keys" -> "groups of keys";
			default -> words.replaceFirst("^(map|list) ", "$1s ");
		};
	}

}
