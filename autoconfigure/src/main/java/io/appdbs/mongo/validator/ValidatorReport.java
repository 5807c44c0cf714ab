package io.appdbs.mongo.validator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.bson.Document;

/**
 * The result of comparing validators, and of counting documents that are not valid.
 */
final class ValidatorReport {

	private final Instant checkedAt;

	private final List<String> same = new ArrayList<>();

	private final List<String> missing = new ArrayList<>();

	private final List<Map<String, Object>> different = new ArrayList<>();

	private final List<String> applied = new ArrayList<>();

	private final Map<String, Object> violations = new TreeMap<>();

	private final List<String> counting = new ArrayList<>();

	private final Map<String, String> failures = new TreeMap<>();

	private final Map<String, String> leftOut = new TreeMap<>();

	private final List<String> leftOutConstraints = new ArrayList<>();

	ValidatorReport(Instant checkedAt) {
		this.checkedAt = checkedAt;
	}

	void addSame(String collection) {
		this.same.add(collection);
	}

	void addMissing(String collection) {
		this.missing.add(collection);
	}

	void addDifferent(WantedValidator wanted, Document found) {
		Map<String, Object> difference = new LinkedHashMap<>();
		difference.put("collection", wanted.collection());
		difference.put("is", found.toJson());
		difference.put("shouldBe", wanted.validator().toJson());
		this.different.add(difference);
	}

	void addApplied(String collection) {
		this.applied.add(collection);
	}

	/**
	 * Adds a collection whose documents are counted later.
	 */
	void addCounting(String collection) {
		this.counting.add(collection);
	}

	void addCount(String collection, long violations) {
		this.counting.remove(collection);
		if (violations > 0) {
			this.violations.put(collection, violations);
		}
	}

	void addFailure(String collection, String reason) {
		this.counting.remove(collection);
		this.failures.put(collection, reason);
	}

	void addLeftOut(String name, String reason) {
		this.leftOut.put(name, reason);
	}

	void addLeftOutConstraints(List<String> constraints) {
		this.leftOutConstraints.addAll(constraints);
	}

	/**
	 * Returns whether every validator is as it should be.
	 */
	boolean isComplete() {
		return this.missing.isEmpty() && this.different.isEmpty() && this.failures.isEmpty();
	}

	private List<String> getDifferent() {
		return this.different.stream().map((difference) -> String.valueOf(difference.get("collection"))).toList();
	}

	List<String> getLeftOutConstraints() {
		return this.leftOutConstraints;
	}

	/**
	 * Returns the text for the log.
	 */
	String describe() {
		List<String> parts = new ArrayList<>();
		parts.add("%d same".formatted(this.same.size()));
		add(parts, "applied", this.applied);
		add(parts, "missing", this.missing);
		add(parts, "different", getDifferent());
		add(parts, "left out", List.copyOf(this.leftOut.keySet()));
		add(parts, "not checked", List.copyOf(this.failures.keySet()));
		return String.join(", ", parts);
	}

	private static void add(List<String> parts, String what, List<String> names) {
		if (!names.isEmpty()) {
			parts.add("%d %s (%s)".formatted(names.size(), what, String.join(", ", names)));
		}
	}

	Map<String, Object> toDetails() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("checkedAt", this.checkedAt);
		details.put("same", this.same.size());
		details.put("applied", List.copyOf(this.applied));
		details.put("missing", List.copyOf(this.missing));
		details.put("different", List.copyOf(this.different));
		details.put("violations", Map.copyOf(this.violations));
		details.put("counting", List.copyOf(this.counting));
		details.put("notChecked", Map.copyOf(this.failures));
		details.put("leftOut", Map.copyOf(this.leftOut));
		details.put("leftOutConstraints", List.copyOf(this.leftOutConstraints));
		details.values().removeIf((value) -> List.of().equals(value) || Map.of().equals(value));
		return details;
	}

}
