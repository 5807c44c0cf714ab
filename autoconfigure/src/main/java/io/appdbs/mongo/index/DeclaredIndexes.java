package io.appdbs.mongo.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The indexes that the entities of a database declare. Several entities can have one
 * collection, and declare an index again.
 *
 * @param collections the collections of the entities
 * @param indexes the indexes
 * @param serverKeys the keys of indexes that the server creates itself, by collection
 * @param timeSeries the collections that have to be created as those of time series
 * @param problems the indexes that the server would refuse
 */
record DeclaredIndexes(Set<String> collections, List<DeclaredIndex> indexes, Map<String, Set<String>> serverKeys,
		Set<String> timeSeries, List<IndexProblem> problems) {

	DeclaredIndexes {
		collections = new LinkedHashSet<>(collections);
		indexes = List.copyOf(indexes);
		serverKeys = Map.copyOf(serverKeys);
		timeSeries = Set.copyOf(timeSeries);
		problems = List.copyOf(problems);
	}

	/**
	 * Merges the indexes of all entities.
	 */
	static DeclaredIndexes merge(Collection<EntityIndexes> entities) {
		Set<String> collections = new LinkedHashSet<>();
		Map<String, Set<String>> serverKeys = new LinkedHashMap<>();
		Set<String> timeSeries = new LinkedHashSet<>();
		List<IndexProblem> problems = new ArrayList<>();
		List<DeclaredIndex> merged = new ArrayList<>();
		for (EntityIndexes entity : entities) {
			collections.add(entity.collection());
			serverKeys.computeIfAbsent(entity.collection(), (key) -> new LinkedHashSet<>()).addAll(entity.serverKeys());
			if (entity.timeSeries()) {
				timeSeries.add(entity.collection());
			}
			problems.addAll(entity.problems());
			entity.indexes().forEach((index) -> add(index, merged, problems));
		}
		return new DeclaredIndexes(collections, merged, serverKeys, timeSeries, problems);
	}

	/**
	 * Returns the indexes of a collection.
	 */
	List<DeclaredIndex> of(String collection) {
		return this.indexes.stream().filter((index) -> index.collection().equals(collection)).toList();
	}

	private static void add(DeclaredIndex index, List<DeclaredIndex> merged, List<IndexProblem> problems) {
		List<DeclaredIndex> others = merged.stream()
			.filter((other) -> other.collection().equals(index.collection()))
			.toList();
		if (others.stream().anyMatch((other) -> other.essence().equals(index.essence()))) {
			return;
		}
		IndexProblem problem = others.stream()
			.map((other) -> findConflict(index, other))
			.filter((conflict) -> conflict != null)
			.findFirst()
			.orElse(null);
		if (problem != null) {
			problems.add(problem);
		}
		else {
			merged.add(index);
		}
	}

	private static @Nullable IndexProblem findConflict(DeclaredIndex index, DeclaredIndex other) {
		if (index.name().equals(other.name())) {
			return new IndexProblem(
					"%s declares the index '%s' of the collection '%s' as %s, but %s declares it as %s.".formatted(
							index.declaredBy(), index.name(), index.collection(), index.essence(), other.declaredBy(),
							other.essence()),
					index.describe(), "declare the same, or give one of them another name", null);
		}
		if (index.keys().containsValue("text") && other.keys().containsValue("text")) {
			return new IndexProblem(
					"%s declares the index '%s' on text, but a collection has at most one, and %s declares '%s' of the collection '%s'."
						.formatted(index.declaredBy(), index.name(), other.declaredBy(), other.name(),
								index.collection()),
					index.describe(), "declare the fields of both", null);
		}
		return null;
	}

}
