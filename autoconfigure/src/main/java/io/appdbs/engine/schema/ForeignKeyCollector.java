package io.appdbs.engine.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.schema.TableInformation.ForeignKey;

/**
 * Collects foreign keys from rows that have one column of a key each. Drivers may sort
 * the rows by the number of the column, so that keys are mixed.
 */
final class ForeignKeyCollector {

	private final Map<String, ForeignKey> keys = new LinkedHashMap<>();

	private int unnamed;

	/**
	 * Adds the next column of a key.
	 * @param first whether it is the first one
	 * @param part the key with one column
	 */
	void add(boolean first, ForeignKey part) {
		String name = part.name();
		if (name == null && first) {
			this.unnamed++;
		}
		this.keys.merge((name != null) ? "named " + name : "unnamed " + this.unnamed, part, ForeignKeyCollector::join);
	}

	private static ForeignKey join(ForeignKey key, ForeignKey part) {
		return new ForeignKey(key.name(), join(key.columns(), part.columns()), key.referencedTable(),
				join(key.referencedColumns(), part.referencedColumns()));
	}

	private static List<String> join(List<String> some, List<String> more) {
		List<String> all = new ArrayList<>(some);
		all.addAll(more);
		return all;
	}

	List<ForeignKey> getForeignKeys() {
		return List.copyOf(this.keys.values());
	}

}
