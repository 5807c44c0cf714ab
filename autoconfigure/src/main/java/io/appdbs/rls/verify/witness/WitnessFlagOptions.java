package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.witness.WitnessOptions.Option;

/**
 * The values of columns that are likely to make rows public by intent: booleans, labels
 * of enums and the literals that policies compare with.
 */
final class WitnessFlagOptions {

	private static final int MAXIMUM_LABELS = 6;

	private final WitnessLiterals literals;

	WitnessFlagOptions(WitnessLiterals literals) {
		this.literals = literals;
	}

	/**
	 * Returns the values that a column may have, each with the words for it.
	 * @param column the column
	 * @param empty whether an empty text is one of them
	 */
	List<Option> options(Column column, boolean empty) {
		List<Option> options = new ArrayList<>();
		List<String> literals = this.literals.equal(column.name());
		if (column.isBoolean() || column.isEnum()) {
			List<String> labels = column.isBoolean() ? List.of("false", "true") : labels(column, literals);
			labels.forEach((label) -> options.add(new Option(WitnessValues.literal(column, label),
					column.name() + " = " + (column.isBoolean() ? label : WitnessValues.literal(label)))));
			if (!column.notNull() && this.literals.isUnsure()) {
				options.add(new Option("NULL::" + column.type(), column.name() + " IS NULL"));
			}
			return options;
		}
		if (!column.isText() && !column.isNumber() && !column.category().equals("A")) {
			return options;
		}
		List<String> flags = new ArrayList<>(literals);
		flags.remove("");
		if (column.isText() && !column.domainNotNull() && empty) {
			flags.add("");
		}
		options.add(new Option(null, other(column, flags)));
		flags.forEach((literal) -> add(options, column, literal));
		return options;
	}

	private static String other(Column column, List<String> literals) {
		List<String> values = literals.stream().map(WitnessValues::literal).toList();
		return (values.size() == 1) ? column.name() + " <> " + values.get(0)
				: column.name() + " is none of " + String.join(", ", values);
	}

	private static void add(List<Option> options, Column column, String literal) {
		if (column.isNumber() && !literal.matches("-?\\d+(\\.\\d+)?")) {
			return;
		}
		boolean array = column.category().equals("A");
		options.add(new Option(
				WitnessValues.literal(column, array ? "{" + WitnessValues.quote(literal) + "}" : literal), column.name()
						+ (array ? " with " : " = ") + (column.isNumber() ? literal : WitnessValues.literal(literal))));
	}

	private static List<String> labels(Column column, List<String> literals) {
		List<String> labels = column.labels();
		if (labels.size() <= MAXIMUM_LABELS) {
			return labels;
		}
		List<String> some = new ArrayList<>(List.of(labels.get(0), labels.get(labels.size() - 1)));
		literals.stream().filter((literal) -> labels.contains(literal) && !some.contains(literal)).forEach(some::add);
		return some;
	}

}
