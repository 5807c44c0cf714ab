package io.appdbs.mongo.index;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What an index does: its keys and the options that have an effect, without its name and
 * what the server adds, such as versions and defaults.
 *
 * @param attributes the keys, and the options that are not the default, by name
 */
record IndexEssence(Map<String, String> attributes) {

	private static final String KEY = "key";

	private static final String UNIQUE = "unique";

	private static final String TEXT = "text";

	private static final String COLLATION = "collation";

	private static final List<String> FLAGS = List.of(UNIQUE, "sparse", "hidden");

	/** The defaults of indexes on text. */
	private static final Map<String, Object> TEXT_DEFAULTS = Map.of("default_language", "english", "language_override",
			"language");

	/** The defaults of indexes on legacy coordinates. */
	private static final Map<String, Object> PLANE_DEFAULTS = Map.of("bits", 26, "min", -180, "max", 180);

	private static final Map<String, Object> COLLATION_DEFAULTS = Map.of("caseLevel", false, "caseFirst", "off",
			"strength", 3, "numericOrdering", false, "alternate", "non-ignorable", "maxVariable", "punct",
			"normalization", false, "backwards", false);

	/** Locales that have other defaults. */
	private static final Set<String> TAILORED_LOCALES = Set.of("da", "mt", "fr_CA", "th");

	private static final Set<String> TAILORED = Set.of("caseFirst", "backwards", "alternate", "normalization");

	/**
	 * Creates the essence of an index.
	 * @param index the index as the server lists it, or as it is created
	 */
	static IndexEssence of(Document index) {
		Document keys = index.get(KEY, new Document());
		Map<String, String> attributes = new LinkedHashMap<>();
		attributes.put(KEY, writeKeys(keys, index.get("weights", new Document())));
		for (String flag : FLAGS) {
			if (isTrue(index.get(flag))) {
				attributes.put(flag, "true");
			}
		}
		put(attributes, index, "expireAfterSeconds", CanonicalValue::write);
		put(attributes, index, "partialFilterExpression", CanonicalValue::write);
		put(attributes, index, "wildcardProjection", IndexEssence::writeProjection);
		putCollation(attributes, index.get(COLLATION));
		if (isText(keys)) {
			putUnlessDefault(attributes, index, TEXT_DEFAULTS);
		}
		if (keys.containsValue("2d")) {
			putUnlessDefault(attributes, index, PLANE_DEFAULTS);
		}
		return new IndexEssence(attributes);
	}

	/**
	 * Writes the keys in order. Servers list the fields of an index on text as its
	 * weights, some as they were given.
	 */
	private static String writeKeys(Document keys, Document weights) {
		Map<String, String> written = new LinkedHashMap<>();
		Map<String, Object> text = new TreeMap<>();
		keys.forEach((field, kind) -> {
			if (TEXT.equals(kind)) {
				written.putIfAbsent("$text", "");
				if (!field.equals("_fts")) {
					text.put(field, 1);
				}
			}
			else if (!field.equals("_ftsx")) {
				written.put(field, (kind instanceof Number number) ? ((number.doubleValue() < 0) ? "-1" : "1")
						: String.valueOf(kind));
			}
		});
		text.putAll(weights);
		written.replace("$text", CanonicalValue.write(text));
		return written.entrySet()
			.stream()
			.map((key) -> key.getKey() + ": " + key.getValue())
			.collect(Collectors.joining(", ", "{", "}"));
	}

	private static boolean isText(Document keys) {
		return keys.containsValue(TEXT);
	}

	static boolean isTrue(@Nullable Object value) {
		return Boolean.TRUE.equals(value) || (value instanceof Number number && number.doubleValue() != 0);
	}

	private static void put(Map<String, String> attributes, Document index, String option,
			Function<@Nullable Object, String> writer) {
		if (index.get(option) != null) {
			attributes.put(option, writer.apply(index.get(option)));
		}
	}

	private static void putUnlessDefault(Map<String, String> attributes, Document index, Map<String, Object> defaults) {
		new TreeMap<>(defaults).forEach((option, value) -> {
			String written = CanonicalValue.write(index.getOrDefault(option, value));
			if (!written.equals(CanonicalValue.write(value))) {
				attributes.put(option, written);
			}
		});
	}

	private static String writeProjection(@Nullable Object projection) {
		Map<String, Object> fields = new TreeMap<>();
		if (projection instanceof Document document) {
			document.forEach((field, included) -> fields.put(field, isTrue(included) ? 1 : 0));
		}
		return CanonicalValue.write(fields);
	}

	private static void putCollation(Map<String, String> attributes, @Nullable Object option) {
		if (!(option instanceof Document collation) || "simple".equals(collation.get("locale"))) {
			return;
		}
		boolean tailored = TAILORED_LOCALES.contains(String.valueOf(collation.get("locale")));
		Map<String, Object> effective = new TreeMap<>();
		collation.forEach((name, value) -> {
			Object usual = COLLATION_DEFAULTS.get(name);
			boolean isDefault = usual != null && CanonicalValue.write(usual).equals(CanonicalValue.write(value));
			if (!name.equals("version") && !isDefault && !(tailored && TAILORED.contains(name))) {
				effective.put(name, value);
			}
		});
		attributes.put(COLLATION, CanonicalValue.write(effective));
	}

	/**
	 * Returns the keys of an index.
	 */
	static String writeKeys(Document keys) {
		return writeKeys(keys, new Document());
	}

	String keys() {
		return String.valueOf(this.attributes.get(KEY));
	}

	boolean isUnique() {
		return this.attributes.containsKey(UNIQUE);
	}

	/**
	 * Returns the same index with the collation that the server gives indexes without
	 * one.
	 * @param collation the collation of the collection or {@code null}
	 */
	IndexEssence withDefaultCollation(@Nullable Document collation) {
		if (collation == null || this.attributes.containsKey(COLLATION)) {
			return this;
		}
		Map<String, String> attributes = new LinkedHashMap<>(this.attributes);
		putCollation(attributes, collation);
		return new IndexEssence(attributes);
	}

	boolean hasCollation() {
		return this.attributes.containsKey(COLLATION);
	}

	/**
	 * Describes the attributes in which this index differs from another one.
	 */
	String describeDifference(IndexEssence other) {
		Set<String> names = new LinkedHashSet<>(this.attributes.keySet());
		names.addAll(other.attributes.keySet());
		return names.stream()
			.filter((name) -> !String.valueOf(this.attributes.get(name)).equals(other.attributes.get(name)))
			.map(this::describe)
			.collect(Collectors.joining(", "));
	}

	private String describe(String name) {
		String value = this.attributes.get(name);
		if (name.equals(KEY)) {
			return String.valueOf(value);
		}
		return "%s: %s".formatted(name, (value != null) ? value : FLAGS.contains(name) ? "false" : "none");
	}

	/**
	 * Returns the keys followed by the options.
	 */
	@Override
	public String toString() {
		return this.attributes.keySet()
			.stream()
			.map((name) -> FLAGS.contains(name) ? name : describe(name))
			.collect(Collectors.joining(" "));
	}

}
