package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.witness.WitnessOptions.Option;
import io.appdbs.rls.verify.witness.WitnessWorld.Near;
import org.jspecify.annotations.Nullable;

/**
 * Finds the worlds in which witness rows may be treated differently, from what policies
 * read and compare. A policy that compares one column with the user has one world.
 */
final class WitnessWorlds {

	private static final int MAXIMUM_FLAGS = 64;

	private static final int MAXIMUM_CANDIDATES = 32;

	private static final int MAXIMUM_WITH_CANDIDATES = 1000;

	private static final int MAXIMUM_NULLABLE = 6;

	private static final int MAXIMUM_FLAGS_OF_OTHERS = 16;

	private final List<Column> columns;

	private final WitnessLiterals literals;

	private final WitnessFlagOptions flagOptions;

	private final @Nullable WitnessCandidates candidates;

	WitnessWorlds(List<Column> columns, WitnessLiterals literals, @Nullable WitnessCandidates candidates) {
		this.candidates = candidates;
		this.columns = columns;
		this.literals = literals;
		this.flagOptions = new WitnessFlagOptions(literals);
	}

	/**
	 * Returns the worlds of the table whose policies are proved.
	 * @param role the role that statements run as
	 * @param sound whether an empty setting is never taken for a value
	 */
	List<WitnessWorld> all(String role, boolean sound) {
		List<WitnessWorld> variations = variations(role);
		List<WitnessWorld> worlds = new ArrayList<>();
		List<WitnessWorld> candidates = candidates();
		List<WitnessWorld> combined = flags(!sound, MAXIMUM_FLAGS);
		for (WitnessWorld flags : combined) {
			for (WitnessWorld variation : variations) {
				Map<Column, String> values = new LinkedHashMap<>(variation.values());
				values.putAll(flags.values());
				worlds.add(new WitnessWorld(values, flags.flags(), variation.special(), variation.near(), false));
			}
		}
		combined.stream()
			.limit(Math.max(1, MAXIMUM_WITH_CANDIDATES / (candidates.size() + 1)))
			.forEach((flags) -> candidates.forEach((candidate) -> worlds.add(with(flags, candidate))));
		return worlds;
	}

	private static WitnessWorld with(WitnessWorld world, WitnessWorld candidate) {
		Map<Column, String> values = new LinkedHashMap<>(world.values());
		values.putAll(candidate.values());
		Map<Column, String> flags = new LinkedHashMap<>(world.flags());
		flags.putAll(candidate.flags());
		return new WitnessWorld(values, flags, null, WitnessWorld.Near.NONE, true);
	}

	/**
	 * Returns the worlds with values that may fit several columns.
	 */
	private List<WitnessWorld> candidates() {
		WitnessCandidates candidates = this.candidates;
		if (candidates == null) {
			return List.of();
		}
		List<WitnessWorld> all = WitnessOptions.combine(this.columns, (column) -> {
			List<Option> options = new ArrayList<>(candidates.options(column));
			options.add(0, new Option(null, null));
			return options;
		}, MAXIMUM_CANDIDATES);
		return all.subList(1, all.size());
	}

	/**
	 * Returns the worlds of other tables that policies read.
	 */
	List<WitnessWorld> ofOthers() {
		List<WitnessWorld> worlds = new ArrayList<>(flags(false, MAXIMUM_FLAGS_OF_OTHERS));
		WitnessWorld first = worlds.get(0);
		candidates().stream().limit(MAXIMUM_FLAGS_OF_OTHERS).forEach((candidate) -> worlds.add(with(first, candidate)));
		return worlds;
	}

	private List<WitnessWorld> flags(boolean empty, int maximum) {
		return WitnessOptions.combine(this.columns, (column) -> this.flagOptions.options(column, empty), maximum);
	}

	/**
	 * Returns what is special about rows, apart from flags.
	 */
	private List<WitnessWorld> variations(String role) {
		List<WitnessWorld> variations = new ArrayList<>(List.of(new WitnessWorld(Map.of(), Map.of(), null)));
		addDates(variations);
		List<Column> others = select((column) -> !column.notNull() && !column.isIdentity() && !column.isBoolean()
				&& !column.isEnum() && this.literals.isUnsure());
		addNull(variations, others);
		if (others.size() > 1 && others.size() <= MAXIMUM_NULLABLE) {
			for (Column column : others) {
				addNull(variations, List.of(column));
				addNull(variations, others.stream().filter((other) -> other != column).toList());
			}
		}
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
				variations.add(new WitnessWorld(Map.of(), Map.of(), near.words(), near, false));
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
			dates.stream()
				.limit(MAXIMUM_NULLABLE)
				.forEach((column) -> variations
					.add(new WitnessWorld(Map.of(column, past(column)), Map.of(), column.name() + " in the past")));
		}
		if (this.literals.readsTime()) {
			Map<Column, String> recent = new LinkedHashMap<>();
			dates.forEach((column) -> recent.put(column, "(now() - interval '1 minute')::" + column.type()));
			variations.add(new WitnessWorld(recent, Map.of(), words(dates) + " a minute ago"));
		}
	}

	/**
	 * Returns the rows per person that other tables have because of dates: what is valid
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

}
