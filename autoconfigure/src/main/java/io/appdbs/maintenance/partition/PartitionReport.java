package io.appdbs.maintenance.partition;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a run has done.
 *
 * @param tables the tables, in the order of the configuration
 * @param problem what could not be done, or {@code null}
 */
record PartitionReport(List<Table> tables, @Nullable Problem problem) {

	PartitionReport {
		tables = List.copyOf(tables);
	}

	/**
	 * Returns the report of a run that has done nothing after this one.
	 */
	PartitionReport with(Problem problem) {
		return new PartitionReport(this.tables.stream()
			.map((table) -> new Table(table.name(), List.of(), List.of(), List.of(), table.until()))
			.toList(), problem);
	}

	/**
	 * Returns the report for operators. The time {@code until} is that of the table whose
	 * partitions end first.
	 */
	Map<String, Object> toDetails() {
		Map<String, Object> details = new LinkedHashMap<>();
		Instant first = this.tables.stream()
			.map(Table::until)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
		if (first != null) {
			details.put(PartitionPreparation.UNTIL, first);
		}
		List<Map<String, Object>> tables = new ArrayList<>();
		this.tables.forEach((table) -> tables.add(table.toDetails()));
		details.put("tables", tables);
		if (this.problem != null) {
			details.put("problem", this.problem.message());
		}
		return details;
	}

	/**
	 * What could not be done.
	 *
	 * @param message the reason, in a sentence
	 * @param action how to fix it, or {@code null} if it may succeed later
	 */
	record Problem(String message, @Nullable String action) {

	}

	/**
	 * What was done with a table.
	 *
	 * @param name the name of the table
	 * @param created the partitions that were created
	 * @param detached the tables that were partitions
	 * @param dropped the partitions that were dropped
	 * @param until until when rows can be inserted, or {@code null} if there is no limit
	 */
	record Table(String name, List<String> created, List<String> detached, List<String> dropped,
			@Nullable Instant until) {

		private Map<String, Object> toDetails() {
			Map<String, Object> details = new LinkedHashMap<>();
			details.put("table", this.name);
			details.put("created", List.copyOf(this.created));
			details.put("detached", List.copyOf(this.detached));
			details.put("dropped", List.copyOf(this.dropped));
			if (this.until != null) {
				details.put(PartitionPreparation.UNTIL, this.until);
			}
			return details;
		}

		String describe(Instant now) {
			if (this.until == null) {
				return "Rows of %s can be inserted without limit.".formatted(this.name);
			}
			return this.until.isAfter(now) ? "Rows of %s can be inserted until %s.".formatted(this.name, this.until)
					: "Rows of %s with the present time cannot be inserted.".formatted(this.name);
		}

	}

}
