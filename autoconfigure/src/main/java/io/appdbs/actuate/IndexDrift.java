package io.appdbs.actuate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import org.jspecify.annotations.Nullable;

/**
 * How many indexes of a MongoDB database differ from those that its entities declare.
 *
 * @param details the report of the indexes
 */
public record IndexDrift(Map<String, Object> details) {

	/** The kinds of indexes that are not the same. */
	public static final List<String> KINDS = List.of("missing", "different", "extra", "building", "failed");

	/**
	 * Finds the indexes of a database.
	 * @param snapshot the snapshot of the database
	 * @return the indexes, or {@code null} if they are not compared
	 */
	public static @Nullable IndexDrift find(DatabaseSnapshot snapshot) {
		PreparationReport report = snapshot.preparation("indexes");
		return (report != null) ? new IndexDrift(report.details()) : null;
	}

	/**
	 * Returns the number of indexes of a kind.
	 * @param kind one of {@link #KINDS}
	 * @return the number
	 */
	public int count(String kind) {
		return get(kind).size();
	}

	private List<?> get(String kind) {
		return (this.details.get(kind) instanceof List<?> indexes) ? indexes : List.of();
	}

	/**
	 * Returns the number of indexes of each kind, and the names of unique indexes that
	 * are not there.
	 */
	Map<String, Object> summarize() {
		Map<String, Object> summary = new LinkedHashMap<>();
		summary.put("same", this.details.getOrDefault("same", 0));
		KINDS.stream().filter((kind) -> count(kind) > 0).forEach((kind) -> summary.put(kind, count(kind)));
		List<Object> unique = Stream.concat(get("missing").stream(), get("failed").stream())
			.filter((index) -> index instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("unique")))
			.<Object>map((index) -> ((Map<?, ?>) index).get("index"))
			.toList();
		if (!unique.isEmpty()) {
			summary.put("missingUnique", unique);
		}
		if (this.details.get("notChecked") instanceof Collection<?> notChecked) {
			summary.put("notChecked", notChecked.size());
		}
		return summary;
	}

}
