package io.appdbs.mongo.index;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Indexes that MongoDB refuses to create, whatever is in the collection, by its reference
 * documentation.
 */
enum IndexRule {

	UNKNOWN_KIND("MongoDB has no such kind of index",
			"write 1 or -1 for each field, or one of 'text', '2d', '2dsphere' and 'hashed'",
			(index) -> !index.keys().values().stream().allMatch(IndexRule::isKind)),

	SEVERAL_KINDS("an index has only one of the kinds 'text', '2d', '2dsphere' and 'hashed'",
			"declare an index for each of the fields",
			(index) -> index.keys().values().stream().filter(String.class::isInstance).distinct().count() > 1),

	SEVERAL_HASHED("an index has at most one hashed field", "declare an index for each of the fields",
			(index) -> index.keys().values().stream().filter("hashed"::equals).count() > 1),

	UNIQUE_HASHED("a hashed index cannot be unique",
			"remove 'unique', or declare a unique index of the field in addition to the hashed one",
			(index) -> isTrue(index, "unique") && index.keys().containsValue("hashed")),

	UNIQUE_WILDCARD("a wildcard index cannot be unique", "remove 'unique'",
			(index) -> isTrue(index, "unique") && isWildcard(index)),

	TTL_OF_SEVERAL("documents expire by the index of one field", "declare an index of the date alone that expires",
			(index) -> has(index, "expireAfterSeconds") && index.keys().size() > 1),

	TTL_OF_IDENTIFIER("documents do not expire by their identifier", "let them expire by another field",
			(index) -> has(index, "expireAfterSeconds") && index.isOfIdentifier()),

	TTL_TOO_LONG("documents expire after 2147483647 seconds at most", "write a shorter time",
			(index) -> index.specification().get("expireAfterSeconds") instanceof Number seconds
					&& seconds.longValue() > Integer.MAX_VALUE),

	SPARSE_PARTIAL("an index is either sparse or partial", "remove 'sparse', and add {$exists: true} to the filter",
			(index) -> isTrue(index, "sparse") && has(index, "partialFilterExpression")),

	COLLATION("an index on text or on legacy coordinates has no collation", "remove the collation",
			(index) -> index.essence().hasCollation()
					&& (index.keys().containsValue("text") || index.keys().containsValue("2d")));

	private static final Set<String> KINDS = Set.of("text", "2d", "2dsphere", "hashed");

	private final String reason;

	private final String fix;

	private final Predicate<DeclaredIndex> violated;

	IndexRule(String reason, String fix, Predicate<DeclaredIndex> violated) {
		this.reason = reason;
		this.fix = fix;
		this.violated = violated;
	}

	/**
	 * Returns why the index is refused, without a period.
	 */
	String getReason() {
		return this.reason;
	}

	/**
	 * Returns what to do about it, the rest of a sentence without a period.
	 */
	String getFix() {
		return this.fix;
	}

	/**
	 * Finds the first rule that an index violates.
	 * @return the rule or {@code null} if the server accepts the index
	 */
	static @Nullable IndexRule findViolated(DeclaredIndex index) {
		return List.of(values()).stream().filter((rule) -> rule.violated.test(index)).findFirst().orElse(null);
	}

	private static boolean isKind(@Nullable Object kind) {
		return (kind instanceof Number number) ? number.doubleValue() != 0
				: kind instanceof String && KINDS.contains(kind);
	}

	private static boolean isWildcard(DeclaredIndex index) {
		Document keys = index.keys();
		return keys.keySet().stream().anyMatch((field) -> field.equals("$**") || field.endsWith(".$**"))
				&& !keys.containsValue("text");
	}

	private static boolean has(DeclaredIndex index, String option) {
		return index.specification().get(option) != null;
	}

	private static boolean isTrue(DeclaredIndex index, String option) {
		return IndexEssence.isTrue(index.specification().get(option));
	}

}
