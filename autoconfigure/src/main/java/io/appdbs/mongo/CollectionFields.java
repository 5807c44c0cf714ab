package io.appdbs.mongo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TypeFamily;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a collection from the JSON schema of its validator.
 */
final class CollectionFields {

	private static final String ANY = "any";

	private final Map<String, Column> fields = new LinkedHashMap<>();

	private CollectionFields() {
	}

	/**
	 * Returns the fields by their paths.
	 * @param collection the result of {@code listCollections}
	 */
	static Map<String, Column> read(Document collection) {
		CollectionFields result = new CollectionFields();
		result.add("", get(get(get(collection, "options"), "validator"), "$jsonSchema"));
		return result.fields;
	}

	/**
	 * Returns a field about which nothing is known.
	 */
	static Column any(String name) {
		return new Column(name, ANY, null, !name.equals("_id"), null);
	}

	private void add(String prefix, Document schema) {
		Document properties = get(schema, "properties");
		List<?> required = (schema.get("required") instanceof List<?> names) ? names : List.of();
		for (String name : properties.keySet()) {
			Document property = get(properties, name);
			List<String> types = readTypes(property);
			this.fields.put(prefix + name, new Column(prefix + name, types.isEmpty() ? ANY : String.join(" or ", types),
					toFamily(types), !required.contains(name) || types.contains("null"), null));
			add(prefix + name + ".", property);
		}
	}

	private static List<String> readTypes(Document property) {
		Object type = property.get(property.containsKey("bsonType") ? "bsonType" : "type");
		Collection<?> types = (type instanceof Collection<?> several) ? several : Stream.ofNullable(type).toList();
		return types.stream().map(String::valueOf).toList();
	}

	private static @Nullable TypeFamily toFamily(List<String> types) {
		List<String> values = new ArrayList<>(types);
		values.remove("null");
		return (values.size() != 1) ? null : switch (values.get(0)) {
			case "double", "int", "long", "decimal", "number" -> TypeFamily.NUMBER;
			case "string" -> TypeFamily.TEXT;
			case "bool", "boolean" -> TypeFamily.BOOLEAN;
			case "date" -> TypeFamily.TIMESTAMP;
			case "binData" -> TypeFamily.BINARY;
			default -> null;
		};
	}

	private static Document get(Document document, String key) {
		return (document.get(key) instanceof Document value) ? value : new Document();
	}

}
