package io.appdbs.mongo.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.mongo.index.IndexFinding.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Result of comparing the indexes of a database with those that its entities declare.
 *
 * @param checkedAt when they were read
 * @param same the number of indexes that are the same
 * @param findings the others
 * @param notChecked the collections and entities that could not be compared, with the
 * reason
 */
record IndexReport(Instant checkedAt, int same, List<IndexFinding> findings, List<String> notChecked) {

	IndexReport {
		findings = List.copyOf(findings);
		notChecked = List.copyOf(notChecked);
	}

	Stream<IndexFinding> get(Kind kind) {
		return this.findings.stream().filter((finding) -> finding.kind() == kind);
	}

	/**
	 * Returns the indexes that are still to be created.
	 */
	List<DeclaredIndex> getPending() {
		return this.findings.stream()
			.filter(IndexFinding::isPending)
			.map(IndexFinding::should)
			.filter(Objects::nonNull)
			.toList();
	}

	/**
	 * Returns whether an index is created or to be created, so that the report changes.
	 */
	boolean isChanging() {
		return get(Kind.BUILDING).findAny().isPresent();
	}

	/**
	 * Returns the report with another result for a declared index.
	 * @param failure why it could not be created, or {@code null} if it has been created
	 */
	IndexReport with(DeclaredIndex index, @Nullable String failure) {
		List<IndexFinding> findings = new ArrayList<>(this.findings);
		findings.removeIf((finding) -> index.equals(finding.should()));
		if (failure != null) {
			findings.add(IndexFinding.failed(index, failure));
		}
		return new IndexReport(this.checkedAt, (failure != null) ? this.same : this.same + 1, findings,
				this.notChecked);
	}

	/**
	 * Returns the report for operators.
	 */
	Map<String, Object> toDetails() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("checkedAt", this.checkedAt);
		details.put("same", this.same);
		for (Kind kind : Kind.values()) {
			List<Map<String, Object>> findings = get(kind).map(IndexFinding::toDetails).toList();
			if (!findings.isEmpty()) {
				details.put(kind.getName(), findings);
			}
		}
		if (!this.notChecked.isEmpty()) {
			details.put("notChecked", this.notChecked);
		}
		return details;
	}

}
