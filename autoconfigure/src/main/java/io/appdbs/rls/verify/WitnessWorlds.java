package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.appdbs.rls.verify.ProofCatalog.Column;
import io.appdbs.rls.verify.WitnessWorld.Near;
import org.jspecify.annotations.Nullable;

/**
 * Finds the worlds in which witness rows may be treated differently, from what policies
 * read and compare. A policy that compares one column with the user has one world.
 */
final class WitnessWorlds {

	private static final int MAXIMUM_FLAGS = 16;

	private static final int MAXIMUM_FLAGS_OF_OTHERS = 8;

	private static final int MAXIMUM_LABELS = 6;

	private final List<Column> columns;

	private final WitnessLiterals literals;

	WitnessWorlds(List<Column> columns, WitnessLiterals literals) {
		this.columns = columns;
		this.literals = literals;
	}

	/**
	 * Return the worlds of the table whose policies are proved.
	 * @param role the role that statements run as
	 * @param sound whether an empty setting is never taken for a value
	 */
	List<WitnessWorld> all(String role, boolean sound) {
		List<WitnessWorld> variations = variations(role);
		List<WitnessWorld> worlds = new ArrayList<>();
		for (WitnessWorld flags : flags(!sound, MAXIMUM_FLAGS)) {
			for (WitnessWorld variation : variations) {
				Map<Column, String> values = new LinkedHashMap<>(variation.values());
				values.putAll(flags.values());
				worlds.add(new WitnessWorld(values, flags.flags(), variation.special(), variation.near()));
			}
		}
		return worlds;
	}

	/**
	 * Return the worlds of other tables that policies read.
	 */
	List<WitnessWorld> ofOthers() {
		return flags(false, MAXIMUM_FLAGS_OF_OTHERS);
	}

	/**
	 * Combine the values of flags; if there are too many, change one at a time.
	 */
	private List<WitnessWorld> flags(boolean empty, int maximum) {
		List<WitnessWorld> combined = List.of(new WitnessWorld(Map.of(), Map.of(), null));
		List<WitnessWorld> single = new ArrayList<>();
		for (Column column : this.columns) {
			List<Option> options = options(column, empty);
			if (options.size() < 2) {
				continue;
			}
			WitnessWorld first = single.isEmpty() ? combined.get(0) : single.get(0);
			single.replaceAll((world) -> with(world, column, options.get(0)));
			if (single.isEmpty()) {
				single.add(with(first, column, options.get(0)));
			}
			options.stream().skip(1).forEach((option) -> single.add(with(single.get(0), column, option)));
			combined = combined.stream()
				.limit(maximum + 1L)
				.flatMap((world) -> options.stream().map((option) -> with(world, column, option)))
				.toList();
		}
		return (combined.size() <= maximum) ? combined : single;
	}

	private static WitnessWorld with(WitnessWorld world, Column column, Option option) {
		Map<Column, String> values = new LinkedHashMap<>(world.values());
		Map<Column, String> flags = new LinkedHashMap<>(world.flags());
		if (option.value() != null) {
			values.put(column, option.value());
		}
		flags.put(column, option.words());
		return new WitnessWorld(values, flags, null);
	}

	private List<Option> options(Column column, boolean empty) {
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
				WitnessValues.literal(column,
						array ? "{\"" + literal.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}" : literal),
				column.name() + (array ? " with " : " = ")
						+ (column.isNumber() ? literal : WitnessValues.literal(literal))));
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

	/**
	 * Return what is special about rows, apart from flags.
	 */
	private List<WitnessWorld> variations(String role) {
		List<WitnessWorld> variations = new ArrayList<>(List.of(new WitnessWorld(Map.of(), Map.of(), null)));
		addDates(variations);
		List<Column> others = select((column) -> !column.notNull() && !column.isIdentity() && !column.isBoolean()
				&& !column.isEnum() && this.literals.isUnsure());
		addNull(variations, others);
		select((column) -> column.isIdentity() && !column.notNull() && this.literals.isUnsure(column.name()))
			.forEach((column) -> addNull(variations, List.of(column)));
		for (Column column : select(Column::isNumber)) {
			this.literals.bounds(column.name()).forEach((bound) -> addAround(variations, column, bound));
			if (this.literals.divides()) {
				addValue(variations, column, "0");
			}
		}
		List<Column> texts = select(Column::isText);
		texts.stream()
			.filter((column) -> this.literals.equal(column.name()).contains("") && !column.domainNotNull())
			.forEach((column) -> addValue(variations, column, ""));
		if (!texts.isEmpty() && this.literals.readsCurrentRole()) {
			Map<Column, String> values = new LinkedHashMap<>();
			texts.forEach((column) -> values.put(column, WitnessValues.literal(column, role)));
			variations.add(new WitnessWorld(values, Map.of(), words(texts) + " = '" + role + "'"));
		}
		if (!texts.isEmpty() && this.literals.isSimilar()) {
			for (Near near : List.of(Near.LONGER, Near.PREFIXED, Near.SHORTER)) {
				variations.add(new WitnessWorld(Map.of(), Map.of(), near.words(), near));
			}
		}
		return variations;
	}

	private void addDates(List<WitnessWorld> variations) {
		List<Column> dates = select(Column::isDate);
		if (dates.isEmpty()) {
			return;
		}
		Map<Column, String> past = new LinkedHashMap<>();
		dates.forEach((column) -> past.put(column, past(column)));
		variations.add(new WitnessWorld(past, Map.of(), words(dates) + " in the past"));
		if (dates.size() > 1) {
			variations.add(new WitnessWorld(Map.of(dates.get(0), past(dates.get(0))), Map.of(),
					words(dates.subList(0, 1)) + " in the past"));
		}
	}

	/**
	 * Return the rows per person that other tables have because of dates: what is valid
	 * now may start in the past, end in the future or not at all.
	 */
	List<WitnessWorld> datesOfOthers() {
		List<WitnessWorld> variations = new ArrayList<>(List.of(new WitnessWorld(Map.of(), Map.of(), null)));
		addDates(variations);
		addNull(variations, select((column) -> column.isDate() && !column.notNull()));
		return variations;
	}

	private static String past(Column column) {
		return WitnessValues.literal(column, "2001-01-01");
	}

	private static void addNull(List<WitnessWorld> variations, List<Column> columns) {
		Map<Column, String> values = new LinkedHashMap<>();
		columns.stream()
			.filter((column) -> !column.domainNotNull())
			.forEach((column) -> values.put(column, "NULL::" + column.type()));
		if (!values.isEmpty()) {
			List<WitnessWorld> dated = new ArrayList<>(variations.subList(0, 1));
			variations.stream()
				.filter((world) -> !world.values().isEmpty()
						&& world.values().keySet().stream().allMatch(Column::isDate))
				.filter((world) -> world.values().values().stream().noneMatch((value) -> value.startsWith("NULL")))
				.forEach(dated::add);
			for (WitnessWorld world : dated) {
				Map<Column, String> all = new LinkedHashMap<>(values);
				all.putAll(world.values());
				variations.add(new WitnessWorld(all, Map.of(), words(List.copyOf(values.keySet())) + " IS NULL"));
			}
		}
	}

	private static void addAround(List<WitnessWorld> variations, Column column, String bound) {
		long number = Long.parseLong(bound);
		for (long value = number - 1; value <= number + 1; value++) {
			addValue(variations, column, String.valueOf(value));
		}
	}

	private static void addValue(List<WitnessWorld> variations, Column column, String value) {
		variations.add(new WitnessWorld(Map.of(column, WitnessValues.literal(column, value)), Map.of(),
				column.name() + " = " + (value.isEmpty() ? "''" : value)));
	}

	private List<Column> select(Predicate<Column> predicate) {
		return this.columns.stream().filter(predicate).toList();
	}

	private static String words(List<Column> columns) {
		return String.join(", ", columns.stream().map(Column::name).toList());
	}

	/**
	 * One value of a flag.
	 *
	 * @param value the value as SQL, or {@code null} for that of the person
	 * @param words the words for it
	 */
	private record Option(@Nullable String value, String words) {

	}

}
