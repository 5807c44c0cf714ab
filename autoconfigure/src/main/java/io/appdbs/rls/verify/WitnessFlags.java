package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.rls.verify.ProofCatalog.Column;

/**
 * The flags of rows that are let through, compared with those that all rows have.
 *
 * @param here the words for the values of flags of rows that are let through
 * @param always the same of all rows
 */
record WitnessFlags(Set<Map<Column, String>> here, Set<Map<Column, String>> always) {

	private static final String NONE = "";

	/**
	 * Return whether only rows with certain flags are let through.
	 */
	boolean arePartial() {
		return this.here.size() < this.always.size();
	}

	/**
	 * Return the values that flags have here and not always, such as {@code where
	 * is_public = true}.
	 */
	String words() {
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
