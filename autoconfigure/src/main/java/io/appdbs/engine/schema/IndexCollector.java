package io.appdbs.engine.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.schema.TableInformation.Index;

/**
 * Collects indexes from rows that have one column of an index each.
 */
final class IndexCollector {

	/** Stands for an expression that the driver does not report. */
	static final String EXPRESSION = "(expression)";

	private final Map<String, Index> indexes = new LinkedHashMap<>();

	/**
	 * Adds the next column of an index.
	 * @param part the index with one column
	 */
	void add(Index part) {
		this.indexes.merge(part.name(), part, IndexCollector::join);
	}

	private static Index join(Index index, Index part) {
		List<String> columns = new ArrayList<>(index.columns());
		columns.addAll(part.columns());
		return new Index(index.name(), columns, index.unique(), index.valid(), index.partial());
	}

	List<Index> getIndexes() {
		return List.copyOf(this.indexes.values());
	}

}
