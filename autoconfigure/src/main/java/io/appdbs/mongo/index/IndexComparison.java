package io.appdbs.mongo.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.appdbs.mongo.index.IndexFinding.Kind;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Compares the indexes of one collection with those that entities declare. An index under
 * another name is the same, because the server would refuse to create it again.
 */
final class IndexComparison {

	private final String collection;

	private final Supplier<@Nullable Document> collation;

	private final Predicate<String> building;

	private final Map<String, IndexEssence> remaining;

	private final List<IndexFinding> findings = new ArrayList<>();

	private int same;

	/**
	 * Creates a new {@link IndexComparison}.
	 * @param collection the collection
	 * @param existing the indexes of the server by name
	 * @param collation reads the default collation of the collection
	 * @param building whether an index, by collection and name, is being created
	 */
	IndexComparison(String collection, Map<String, IndexEssence> existing, Supplier<@Nullable Document> collation,
			Predicate<String> building) {
		this.collection = collection;
		this.remaining = new LinkedHashMap<>(existing);
		this.collation = collation;
		this.building = building;
	}

	/**
	 * Compares the indexes.
	 * @param declared the indexes that entities declare for the collection
	 * @param serverKeys the keys of indexes that the server creates itself
	 * @return the indexes that are not the same
	 */
	List<IndexFinding> compare(List<DeclaredIndex> declared, Set<String> serverKeys) {
		Document collation = this.remaining.values().stream().anyMatch(IndexEssence::hasCollation)
				? this.collation.get() : null;
		List<DeclaredIndex> others = new ArrayList<>();
		declared.forEach((index) -> {
			if (!findSame(index, index.essence().withDefaultCollation(collation))) {
				others.add(index);
			}
		});
		for (DeclaredIndex index : others) {
			IndexEssence existing = this.remaining.remove(index.name());
			this.findings.add(IndexFinding.of((existing != null) ? Kind.DIFFERENT
					: this.building.test(index.toString()) ? Kind.BUILDING : Kind.MISSING, index, existing));
		}
		this.remaining.forEach((name, essence) -> {
			if (!serverKeys.contains(essence.keys())) {
				this.findings.add(IndexFinding.extra(this.collection, name, essence));
			}
		});
		return this.findings;
	}

	/**
	 * Returns the number of indexes that are the same.
	 */
	int getSame() {
		return this.same;
	}

	private boolean findSame(DeclaredIndex index, IndexEssence essence) {
		String name = essence.equals(this.remaining.get(index.name())) ? index.name()
				: this.remaining.entrySet()
					.stream()
					.filter((existing) -> existing.getValue().equals(essence))
					.map(Map.Entry::getKey)
					.findFirst()
					.orElse(null);
		if (name == null) {
			return false;
		}
		IndexEssence existing = this.remaining.remove(name);
		if (this.building.test(this.collection + "." + name)) {
			this.findings.add(IndexFinding.of(Kind.BUILDING, index, existing));
		}
		else {
			this.same++;
		}
		return true;
	}

}
