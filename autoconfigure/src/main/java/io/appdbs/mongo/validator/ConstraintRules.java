package io.appdbs.mongo.validator;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.springframework.core.annotation.MergedAnnotation;

/**
 * Translates a constraint of Jakarta Validation into rules of a JSON schema.
 */
final class ConstraintRules {

	/** At least one character that {@code String.trim()} keeps. */
	private static final ServerPattern NOT_BLANK = new ServerPattern("[\\s\\S]*[^\\x00-\\x20][\\s\\S]*", false);

	private ConstraintRules() {
	}

	/**
	 * Adds the rules of a constraint. One that cannot be expressed is reported. A rule
	 * for another BSON type than that of the value has no effect.
	 */
	static void add(MergedAnnotation<?> constraint, Class<?> type, ValueSchema value) {
		if (!constraint.getType().getPackageName().equals("jakarta.validation.constraints")
				|| !isExpressed(constraint, type, value)) {
			value.leaveOut("@" + constraint.getType().getSimpleName());
		}
	}

	private static boolean isExpressed(MergedAnnotation<?> constraint, Class<?> type, ValueSchema value) {
		switch (constraint.getType().getSimpleName()) {
			case "NotNull" -> value.require();
			case "NotEmpty" -> {
				value.require();
				return addSize(1, Integer.MAX_VALUE, type, value);
			}
			case "NotBlank" -> {
				value.require();
				value.addPattern(NOT_BLANK);
			}
			case "Size" -> {
				return addSize(constraint.getInt("min"), constraint.getInt("max"), type, value);
			}
			case "AssertTrue" -> value.setConstants(List.of(true));
			case "AssertFalse" -> value.setConstants(List.of(false));
			case "Pattern" -> {
				return PatternRules.addPattern(constraint, value);
			}
			case "Email" -> {
				return PatternRules.addEmail(constraint, value);
			}
			default -> {
				return NumberRules.isExpressed(constraint, type, value);
			}
		}
		return true;
	}

	/**
	 * The server counts the code points of a string, the application its UTF-16 units, of
	 * which a code point has one or two.
	 */
	private static boolean addSize(int min, int max, Class<?> type, ValueSchema value) {
		if (CharSequence.class.isAssignableFrom(type)) {
			addSize("Length", (int) ((min + 1L) / 2), max, value);
		}
		else if (Collection.class.isAssignableFrom(type) || type.isArray() && type != byte[].class) {
			addSize("Items", min, max, value);
		}
		else if (Map.class.isAssignableFrom(type)) {
			addSize("Properties", min, max, value);
		}
		else {
			return false;
		}
		return true;
	}

	private static void addSize(String what, int min, int max, ValueSchema value) {
		if (min > 0) {
			value.addLimit("min" + what, min, true);
		}
		if (max < Integer.MAX_VALUE) {
			value.addLimit("max" + what, max, true);
		}
	}

}
