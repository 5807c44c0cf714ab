package io.appdbs.mongo.index;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/**
 * Writes values such that two that mean the same to the server are written equally:
 * servers return 1 as an integer, a long or a double, and do not keep the order of
 * fields.
 */
final class CanonicalValue {

	private CanonicalValue() {
	}

	static String write(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<String, String> fields = new TreeMap<>();
			map.forEach((key, each) -> fields.put(String.valueOf(key), write(each)));
			return fields.entrySet()
				.stream()
				.map((field) -> field.getKey() + ": " + field.getValue())
				.collect(Collectors.joining(", ", "{", "}"));
		}
		if (value instanceof Collection<?> values) {
			return values.stream().map(CanonicalValue::write).collect(Collectors.joining(", ", "[", "]"));
		}
		if (value instanceof Number number) {
			return writeNumber(number);
		}
		if (value instanceof Date date) {
			return date.toInstant().atOffset(ZoneOffset.UTC).toString();
		}
		return (value instanceof String text) ? "'" + text + "'" : String.valueOf(value);
	}

	private static String writeNumber(Number number) {
		if (number instanceof Decimal128 decimal) {
			return (decimal.isNaN() || decimal.isInfinite()) ? decimal.toString() : write(decimal.bigDecimalValue());
		}
		if (!Double.isFinite(number.doubleValue())) {
			return number.toString();
		}
		return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
	}

	private static String write(BigDecimal number) {
		return number.stripTrailingZeros().toPlainString();
	}

}
