package io.appdbs.mongo.validator;

import java.math.BigDecimal;

import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.util.ClassUtils;

/**
 * Translates constraints of numbers.
 */
final class NumberRules {

	private static final String MINIMUM = "minimum";

	private static final String MAXIMUM = "maximum";

	private NumberRules() {
	}

	static boolean isExpressed(MergedAnnotation<?> constraint, Class<?> type, ValueSchema value) {
		if (!Number.class.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(type))) {
			return false;
		}
		return switch (constraint.getType().getSimpleName()) {
			case "Min" -> add(MINIMUM, BigDecimal.valueOf(constraint.getLong("value")), true, type, value);
			case "Max" -> add(MAXIMUM, BigDecimal.valueOf(constraint.getLong("value")), true, type, value);
			case "DecimalMin" -> add(MINIMUM, constraint, type, value);
			case "DecimalMax" -> add(MAXIMUM, constraint, type, value);
			case "Positive" -> add(MINIMUM, BigDecimal.ZERO, false, type, value);
			case "PositiveOrZero" -> add(MINIMUM, BigDecimal.ZERO, true, type, value);
			case "Negative" -> add(MAXIMUM, BigDecimal.ZERO, false, type, value);
			case "NegativeOrZero" -> add(MAXIMUM, BigDecimal.ZERO, true, type, value);
			case "Digits" -> addDigits(constraint, type, value);
			default -> false;
		};
	}

	private static boolean add(String keyword, MergedAnnotation<?> constraint, Class<?> type, ValueSchema value) {
		return add(keyword, new BigDecimal(constraint.getString("value")), constraint.getBoolean("inclusive"), type,
				value);
	}

	/**
	 * The digits of the fraction are left out: the server would need to divide, which is
	 * not exact for a {@code double}.
	 */
	private static boolean addDigits(MergedAnnotation<?> constraint, Class<?> type, ValueSchema value) {
		BigDecimal limit = BigDecimal.ONE.scaleByPowerOfTen(constraint.getInt("integer"));
		boolean expressed = add(MINIMUM, limit.negate(), false, type, value) & add(MAXIMUM, limit, false, type, value);
		return expressed && isWhole(type);
	}

	private static boolean isWhole(Class<?> type) {
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		return boxed == Byte.class || boxed == Short.class || boxed == Integer.class || boxed == Long.class;
	}

	private static boolean add(String keyword, BigDecimal limit, boolean inclusive, Class<?> type, ValueSchema value) {
		Number number = toNumber(limit, ClassUtils.resolvePrimitiveIfNecessary(type));
		if (number == null) {
			return false;
		}
		value.addLimit(keyword, number, inclusive);
		return true;
	}

	/**
	 * A limit of a {@code double} is rounded in the same way as its values.
	 */
	private static @Nullable Number toNumber(BigDecimal limit, Class<?> type) {
		if (type == Double.class || type == Float.class) {
			double rounded = limit.doubleValue();
			return Double.isInfinite(rounded) ? null : rounded;
		}
		try {
			return limit.longValueExact();
		}
		catch (ArithmeticException ex) {
			return toDecimal(limit);
		}
	}

	private static @Nullable Decimal128 toDecimal(BigDecimal limit) {
		try {
			return new Decimal128(limit);
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
