package io.appdbs.rls.verify.witness;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import org.jspecify.annotations.Nullable;

/**
 * Combines the values that columns of witness rows can have.
 */
final class WitnessOptions {

	private static final int MAXIMUM_IN_PAIRS = 20;

	private WitnessOptions() {
	}

	/**
	 * Combines the values of columns; if there are too many, change one or two at a time.
	 * @param columns the columns
	 * @param values the values of a column, of which one makes no difference
	 * @param maximum the number of worlds up to which all values are combined
	 */
	static List<WitnessWorld> combine(List<Column> columns, Function<Column, List<Option>> values, int maximum) {
		Map<Column, List<Option>> options = new LinkedHashMap<>();
		columns.forEach((column) -> {
			List<Option> some = values.apply(column);
			if (some.size() > 1) {
				options.put(column, some);
			}
		});
		List<WitnessWorld> combined = List.of(new WitnessWorld(Map.of(), Map.of(), null));
		for (Map.Entry<Column, List<Option>> entry : options.entrySet()) {
			combined = combined.stream()
				.limit(maximum + 1L)
				.flatMap((world) -> entry.getValue().stream().map((option) -> with(world, entry.getKey(), option)))
				.toList();
		}
		return (combined.size() <= maximum) ? combined : few(options);
	}

	private static List<WitnessWorld> few(Map<Column, List<Option>> options) {
		WitnessWorld first = new WitnessWorld(Map.of(), Map.of(), null);
		WitnessWorld last = first;
		for (Map.Entry<Column, List<Option>> entry : options.entrySet()) {
			first = with(first, entry.getKey(), entry.getValue().get(0));
			last = with(last, entry.getKey(), entry.getValue().get(entry.getValue().size() - 1));
		}
		Set<WitnessWorld> worlds = new LinkedHashSet<>(List.of(first));
		Set<WitnessWorld> single = changed(first, options);
		worlds.addAll(single);
		worlds.add(last);
		worlds.addAll(changed(last, options));
		if (options.values().stream().mapToInt((some) -> some.size() - 1).sum() <= MAXIMUM_IN_PAIRS) {
			single.forEach((world) -> worlds.addAll(changed(world, options)));
		}
		return List.copyOf(worlds);
	}

	private static Set<WitnessWorld> changed(WitnessWorld world, Map<Column, List<Option>> options) {
		Set<WitnessWorld> worlds = new LinkedHashSet<>();
		options.forEach((column, some) -> some.forEach((option) -> worlds.add(with(world, column, option))));
		return worlds;
	}

	private static WitnessWorld with(WitnessWorld world, Column column, Option option) {
		Map<Column, String> values = new LinkedHashMap<>(world.values());
		Map<Column, String> flags = new LinkedHashMap<>(world.flags());
		if (option.value() != null) {
			values.put(column, option.value());
		}
		else {
			values.remove(column);
		}
		if (option.words() != null) {
			flags.put(column, option.words());
		}
		else {
			flags.remove(column);
		}
		return new WitnessWorld(values, flags, null);
	}

	/**
	 * One value of a column.
	 *
	 * @param value the value as SQL, or {@code null} for that of the person
	 * @param words the words for it, or {@code null} for none
	 */
	record Option(@Nullable String value, @Nullable String words) {

	}

}
