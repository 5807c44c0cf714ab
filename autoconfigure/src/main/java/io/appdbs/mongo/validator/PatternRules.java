package io.appdbs.mongo.validator;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.core.annotation.MergedAnnotation;

/**
 * Translates constraints with regular expressions.
 */
final class PatternRules {

	/** Less strict than each implementation of the constraint. */
	private static final ServerPattern EMAIL = new ServerPattern("(?:[\\s\\S]+@[^@\\s]+)?", false);

	private PatternRules() {
	}

	static boolean addPattern(MergedAnnotation<?> constraint, ValueSchema value) {
		String regexp = constraint.getString("regexp");
		try {
			if (!value.addPattern(new PatternTranslator(regexp, flags(constraint)).translate())) {
				value.leaveOut("@%s with '%s', since another pattern has references to groups as well"
					.formatted(constraint.getType().getSimpleName(), regexp));
			}
		}
		catch (UntranslatablePatternException ex) {
			value.leaveOut(
					"@%s with '%s', since %s".formatted(constraint.getType().getSimpleName(), regexp, ex.getMessage()));
		}
		return true;
	}

	/**
	 * An empty string is valid.
	 */
	static boolean addEmail(MergedAnnotation<?> constraint, ValueSchema value) {
		value.addPattern(EMAIL);
		return constraint.getString("regexp").equals(".*") || addPattern(constraint, value);
	}

	private static Set<PatternFlag> flags(MergedAnnotation<?> constraint) {
		Set<PatternFlag> flags = EnumSet.noneOf(PatternFlag.class);
		if (constraint.asMap().get("flags") instanceof Object[] values) {
			Stream.of(values).map((flag) -> PatternFlag.valueOf(((Enum<?>) flag).name())).forEach(flags::add);
		}
		return flags;
	}

	/**
	 * The flags of a {@code @Pattern}.
	 */
	enum PatternFlag {

		UNIX_LINES, CASE_INSENSITIVE, COMMENTS, MULTILINE, DOTALL, UNICODE_CASE, CANON_EQ

	}

}
