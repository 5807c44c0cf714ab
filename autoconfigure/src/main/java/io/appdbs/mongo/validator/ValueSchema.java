package io.appdbs.mongo.validator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import org.bson.Document;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * JSON schema of a value that is being put together. Without any rule, every value is
 * valid. Several rules for the same keyword are combined, since not every server that
 * speaks the protocol knows {@code allOf} and {@code not}.
 */
final class ValueSchema {

	private static final String NULL = "null";

	private static final List<String> TYPES_BUT_NULL = List.of("double", "string", "object", "array", "binData",
			"objectId", "bool", "date", "regex", "dbPointer", "javascript", "symbol", "javascriptWithScope", "int",
			"timestamp", "long", "decimal", "minKey", "maxKey");

	private final String path;

	/** What cannot be expressed, shared by all values of an entity. */
	private final List<String> leftOut;

	private final Document rules = new Document();

	private @Nullable ServerPattern pattern;

	private @Nullable List<String> types;

	private @Nullable List<?> constants;

	private boolean nullable = true;

	private boolean required;

	ValueSchema(String path, List<String> leftOut) {
		this.path = path;
		this.leftOut = leftOut;
	}

	/**
	 * Returns a new schema for the elements of this value.
	 */
	ValueSchema createElement() {
		return new ValueSchema(this.path + "[]", this.leftOut);
	}

	String getPath() {
		return this.path;
	}

	/**
	 * Sets the BSON types that the mapping writes.
	 * @param types the aliases, {@code null} if any type is possible
	 */
	void setTypes(@Nullable List<String> types) {
		this.types = types;
	}

	void rejectNull() {
		this.nullable = false;
	}

	/**
	 * Rejects documents without the value.
	 */
	void require() {
		this.required = true;
		this.nullable = false;
	}

	boolean isRequired() {
		return this.required;
	}

	/**
	 * Sets rules that only one place sets.
	 */
	void add(Document rules) {
		this.rules.putAll(rules);
	}

	/**
	 * Limits a number, or a size.
	 * @param keyword the keyword, such as {@code minLength}
	 */
	void addLimit(String keyword, Number limit, boolean inclusive) {
		int order = (this.rules.get(keyword) instanceof Number other) ? toDecimal(limit).compareTo(toDecimal(other))
				: (keyword.startsWith("min") ? 1 : -1);
		boolean stricter = keyword.startsWith("min") ? order > 0 : order < 0;
		String exclusive = keyword.equals("minimum") ? "exclusiveMinimum" : "exclusiveMaximum";
		if (stricter) {
			this.rules.put(keyword, limit);
			this.rules.remove(exclusive);
		}
		if (!inclusive && (stricter || order == 0)) {
			this.rules.put(exclusive, true);
		}
	}

	private static BigDecimal toDecimal(Number number) {
		return (number instanceof Decimal128 decimal) ? decimal.bigDecimalValue() : new BigDecimal(number.toString());
	}

	/**
	 * Requires that a string matches.
	 * @return whether the pattern can be combined with those that have been added
	 */
	boolean addPattern(ServerPattern pattern) {
		ServerPattern combined = (this.pattern != null) ? this.pattern.and(pattern) : pattern;
		if (combined != null) {
			this.pattern = combined;
		}
		return combined != null;
	}

	/**
	 * Limits the values to constants.
	 */
	void setConstants(List<?> constants) {
		this.constants = constants;
	}

	void leaveOut(String constraint) {
		this.leftOut.add("%s: %s".formatted(this.path, constraint));
	}

	Document toDocument() {
		Document schema = new Document();
		List<String> types = getTypes();
		if (types != null) {
			schema.put("bsonType", (types.size() == 1) ? types.get(0) : types);
		}
		if (this.constants != null) {
			List<@Nullable Object> values = new ArrayList<>(this.constants);
			if (this.nullable) {
				values.add(null);
			}
			schema.put("enum", values);
		}
		if (this.pattern != null) {
			schema.put("pattern", this.pattern.toString());
		}
		schema.putAll(this.rules);
		return schema;
	}

	private @Nullable List<String> getTypes() {
		if (this.types == null) {
			return this.nullable ? null : TYPES_BUT_NULL;
		}
		List<String> types = new ArrayList<>(this.types);
		if (this.nullable) {
			types.add(NULL);
		}
		return types;
	}

}
