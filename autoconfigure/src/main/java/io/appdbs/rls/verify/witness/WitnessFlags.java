package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;

/**
 * The flags of rows that are let through, compared with those that all rows have.
 *
 * @param here the words for the values of flags of rows that are let through
 * @param always the same of all rows
 */
public record WitnessFlags(Set<Map<Column, String>> here, Set<Map<Column, String>> always) {

	private static final String NONE = "";

	/**
	 * Returns the flags of those of some rows that are let through. Values that are not
	 * compared with their columns count only where no others are let through.
	 * @param size the number of rows
	 * @param found whether a row is let through
	 * @param candidate whether a row has such values
	 * @param flags the words for the flags of a row, by column
	 */
	public static WitnessFlags of(int size, IntPredicate found, IntPredicate candidate,
			IntFunction<Map<Column, String>> flags) {
		boolean ordinary = IntStream.range(0, size).anyMatch(found.and(candidate.negate()));
		Set<Map<Column, String>> here = new LinkedHashSet<>();
		Set<Map<Column, String>> always = new LinkedHashSet<>();
		IntStream.range(0, size).filter((i) -> !ordinary || !candidate.test(i)).forEach((i) -> {
			always.add(flags.apply(i));
			if (found.test(i)) {
				here.add(flags.apply(i));
			}
		});
		return new WitnessFlags(here, always);
	}

	/**
	 * Returns whether only rows with certain flags are let through.
	 */
	public boolean arePartial() {
		return this.here.size() < this.always.size();
	}

	/**
	 * Returns the values that flags have here and not always, such as {@code where
	 * is_public = true}.
	 */
	public String words() {
		List<String> words = new ArrayList<>();
		Set<Column> columns = this.always.stream()
			.flatMap((flags) -> flags.keySet().stream())
			.collect(Collectors.toCollection(LinkedHashSet::new));
		for (Column column : columns) {
			Set<String> values = values(this.here, column);
			if (!values.contains(NONE) && values.size() < values(this.always, column).size()) {
				words.add(String.join(" or ", values));
			}
		}
		return "where " + String.join(" and ", words.isEmpty() ? this.here.iterator().next().values() : words);
	}

	private static Set<String> values(Set<Map<Column, String>> flags, Column column) {
		return flags.stream()
			.map((flag) -> flag.getOrDefault(column, NONE))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

}
