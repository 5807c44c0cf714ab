package io.appdbs.mongo.validator;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * Makes rules comparable. A server may return another numeric type, and the order of
 * fields, types, names and constants has no meaning.
 */
final class Rules {

	/** What says nothing about documents. */
	private static final Set<String> REMARKS = Set.of("description", "title");

	private static final Set<String> SETS = Set.of("required", "bsonType", "type", "enum", "allOf", "anyOf", "$or");

	private Rules() {
	}

	static @Nullable Object normalize(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> result = new HashMap<>();
			map.forEach((key, each) -> {
				// a field can have the name of a remark
				if (!REMARKS.contains(key) || !(each instanceof String)) {
					result.put(String.valueOf(key), normalize(String.valueOf(key), each));
				}
			});
			return result;
		}
		if (value instanceof Collection<?> values) {
			return values.stream().map(Rules::normalize).toList();
		}
		return (value instanceof Number number) ? normalize(number) : value;
	}

	private static @Nullable Object normalize(String keyword, @Nullable Object value) {
		if (SETS.contains(keyword) && value instanceof Collection<?> values) {
			Set<@Nullable Object> result = new HashSet<>();
			values.forEach((each) -> result.add(normalize(each)));
			return result;
		}
		if (SETS.contains(keyword) && value instanceof String name) {
			return new HashSet<>(List.of(name));
		}
		return normalize(value);
	}

	private static Object normalize(Number number) {
		try {
			BigDecimal decimal = (number instanceof Decimal128 decimal128) ? decimal128.bigDecimalValue()
					: new BigDecimal(number.toString());
			return decimal.stripTrailingZeros();
		}
		catch (ArithmeticException | NumberFormatException ex) {
			return number;
		}
	}

}
