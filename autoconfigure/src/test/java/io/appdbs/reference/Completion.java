package io.appdbs.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.Hints;
import org.springframework.boot.configurationmetadata.ValueProvider;

/**
 * Offers keys and values as editors do, by the rules of Spring Tools (TypeUtil,
 * PropertyNavigator and HintProviders there): the properties of the metadata, and below a
 * property that is a map or a list of records, the fields of the record, static ones
 * included. Below such a property, only the type of a key leads to values.
 */
final class Completion {

	private static final Set<String> VALUES = Set.of("java.lang.String", "java.lang.Boolean", "java.lang.Integer",
			"java.lang.Double", "java.time.Duration", "org.springframework.util.unit.DataSize", "java.io.File",
			"java.nio.charset.Charset", "boolean", "int", "double");

	private static final Pattern CAMEL_CASE = Pattern.compile("([^A-Z-])([A-Z])");

	private final Map<String, ConfigurationMetadataProperty> properties = Metadata.read().properties();

	/**
	 * Returns the keys below a prefix.
	 * @param prefix the text before the cursor, which ends with a dot
	 * @return the keys, in alphabetical order, with their types
	 */
	Map<String, String> keys(String prefix) {
		Map<String, String> keys = new TreeMap<>();
		this.properties.forEach((name, property) -> {
			if (name.startsWith(prefix)) {
				keys.put(name.substring(prefix.length()), property.getType());
			}
		});
		if (keys.isEmpty()) {
			String group = prefix.substring(0, prefix.length() - 1);
			hints(group).getKeyHints().forEach((hint) -> keys.put((String) hint.getValue(), "java.lang.String"));
			if (keys.isEmpty()) {
				keys.putAll(fields(type(group)));
			}
		}
		return keys;
	}

	/**
	 * Returns the complete keys below a prefix.
	 * @param prefix the text before the cursor, which ends with a dot
	 * @return the keys with the prefix, the first element of a list of records instead of
	 * the list, with their types
	 */
	Map<String, String> allKeys(String prefix) {
		Map<String, String> all = new TreeMap<>();
		keys(prefix).forEach((name, type) -> {
			String key = prefix + name;
			String element = isList(type) ? argument(type) : type;
			if (isValue(element) || KeyType.load(element).isEnum()) {
				all.put(key, type);
			}
			else {
				all.putAll(allKeys(key + (isList(type) ? "[0]." : ".")));
			}
		});
		return all;
	}

	/**
	 * Returns the values of a key.
	 * @param key the key
	 * @return the values, or the names of the providers that find them
	 */
	List<String> values(String key) {
		Hints hints = hints(key);
		List<String> values = new ArrayList<>();
		hints.getValueHints().forEach((hint) -> values.add((String) hint.getValue()));
		for (ValueProvider provider : hints.getValueProviders()) {
			values.add(provider.getParameters().getOrDefault("target", provider.getName()).toString());
		}
		String type = type(key);
		String element = isList(type) ? argument(type) : type;
		if (element.endsWith("oolean")) {
			values.addAll(List.of("true", "false"));
		}
		else if (!isValue(element)) {
			Stream.of(KeyType.load(element).getEnumConstants())
				.forEach((value) -> values.add(value.toString().toLowerCase(Locale.ROOT).replace('_', '-')));
		}
		return values;
	}

	/**
	 * Follows the longest property that the key begins with.
	 */
	private String type(String key) {
		String known = key;
		while (!this.properties.containsKey(known)) {
			int end = Math.max(known.lastIndexOf('.'), known.lastIndexOf('['));
			known = known.substring(0, end);
		}
		String type = this.properties.get(known).getType();
		for (String element : key.substring(known.length()).split("\\.|(?=\\[)")) {
			if (!element.isEmpty()) {
				type = (isMap(type) || isList(type)) ? argument(type) : fields(type).get(element);
			}
		}
		return type;
	}

	private Hints hints(String key) {
		ConfigurationMetadataProperty property = this.properties.get(key);
		return (property != null) ? property.getHints() : new ConfigurationMetadataProperty().getHints();
	}

	private static Map<String, String> fields(String type) {
		Map<String, String> fields = new TreeMap<>();
		Arrays.stream(KeyType.load(type).getDeclaredFields())
			.filter((field) -> !field.isSynthetic())
			.forEach((field) -> fields.put(hyphenate(field.getName()), field.getGenericType().getTypeName()));
		return fields;
	}

	private static String hyphenate(String name) {
		return CAMEL_CASE.matcher(name)
			.replaceAll((match) -> match.group(1) + "-" + match.group(2).toLowerCase(Locale.ROOT));
	}

	private static boolean isValue(String type) {
		return VALUES.contains(type) || isMap(type);
	}

	private static boolean isMap(String type) {
		return type.startsWith("java.util.Map<");
	}

	private static boolean isList(String type) {
		return type.startsWith("java.util.List<") || type.startsWith("java.util.Set<");
	}

	/** The type of the elements of a list, or of the values of a map. */
	private static String argument(String type) {
		String arguments = type.substring(type.indexOf('<') + 1, type.length() - 1);
		return isMap(type) ? arguments.substring(arguments.indexOf(',') + 1).trim() : arguments;
	}

}
