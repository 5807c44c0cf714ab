package io.appdbs.audit.rows;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.audit.rows.RowAuditCatalog.Function;
import io.appdbs.audit.rows.RowAuditCatalog.Relation;
import io.appdbs.audit.rows.RowAuditCatalog.Trigger;
import io.appdbs.audit.rows.RowAuditFinding.Type;

/**
 * Finds changes of a table, its partitions and its children that no trigger records.
 */
final class TriggerCheck {

	/** The trigger of the documentation. */
	private static final String TRIGGER = "audit_rows";

	private static final String TRUNCATE_TRIGGER = "audit_truncate";

	private final RowAuditCatalog catalog;

	private final Relation log;

	private final List<RowAuditFinding> findings = new ArrayList<>();

	private final Map<Long, Function> used = new LinkedHashMap<>();

	TriggerCheck(RowAuditCatalog catalog, Relation log) {
		this.catalog = catalog;
		this.log = log;
	}

	List<RowAuditFinding> getFindings() {
		return this.findings;
	}

	/**
	 * Returns the functions that record the changes of the tables that were checked.
	 */
	List<Function> getFunctions() {
		return List.copyOf(this.used.values());
	}

	void check(Relation table) {
		Set<Recording> missing = EnumSet.allOf(Recording.class);
		if (!table.root() && !table.privileges().contains("TRUNCATE")) {
			// a trigger of the table fires for its partitions as well
			missing.remove(Recording.TRUNCATE);
		}
		List<Trigger> recorders = this.catalog.triggers()
			.getOrDefault(table.oid(), List.of())
			.stream()
			.filter(this::isRecorder)
			.toList();
		recorders.stream().filter(TriggerCheck::isEffective).forEach((trigger) -> {
			missing.removeAll(Recording.of(trigger));
			checkExcluded(table, trigger);
		});
		recorders.stream().filter((trigger) -> !isEffective(trigger)).forEach((trigger) -> {
			Set<Recording> lost = EnumSet.copyOf(missing);
			lost.retainAll(Recording.of(trigger));
			if (!lost.isEmpty()) {
				missing.removeAll(lost);
				this.findings.add(ineffective(table, trigger, lost));
			}
		});
		if (!missing.isEmpty()) {
			this.findings.add(new RowAuditFinding(Type.TRIGGER_MISSING, "table " + table.name(),
					"has no trigger that records " + join(missing) + " in " + this.log.name(), create(table, missing)));
		}
	}

	private boolean isRecorder(Trigger trigger) {
		Function function = this.catalog.functions().get(trigger.function());
		boolean recorder = function != null && Recording.isIn(function, this.log);
		if (recorder) {
			this.used.put(trigger.function(), Objects.requireNonNull(function));
		}
		return recorder;
	}

	private static boolean isEffective(Trigger trigger) {
		return trigger.enabled() && !trigger.condition() && !trigger.columns();
	}

	private RowAuditFinding ineffective(Relation table, Trigger trigger, Set<Recording> lost) {
		String object = "trigger %s on table %s".formatted(trigger.name(), table.name());
		if (!trigger.enabled()) {
			return new RowAuditFinding(Type.TRIGGER_DISABLED, object,
					"is disabled, so %s is not recorded".formatted(join(lost)),
					"ALTER TABLE %s ENABLE TRIGGER %s;".formatted(table.name(), trigger.name()));
		}
		String function = Objects.requireNonNull(this.used.get(trigger.function())).name();
		String arguments = trigger.arguments()
			.stream()
			.map((argument) -> "'" + argument.replace("'", "''") + "'")
			.collect(Collectors.joining(", ", "(", ")"));
		return new RowAuditFinding(Type.TRIGGER_CONDITIONAL, object,
				"%s, so %s is not always recorded"
					.formatted(trigger.condition() ? "has a condition" : "fires for some columns only", join(lost)),
				"DROP TRIGGER %s ON %s; ".formatted(trigger.name(), table.name())
						+ Recording.define(Recording.of(trigger), trigger.name(), table,
								function.substring(0, function.length() - 2) + arguments));
	}

	private void checkExcluded(Relation table, Trigger trigger) {
		List<String> unknown = trigger.arguments()
			.stream()
			.filter((argument) -> !table.columns().contains(argument))
			.toList();
		if (!unknown.isEmpty()) {
			this.findings.add(new RowAuditFinding(Type.EXCLUDED_COLUMN_UNKNOWN,
					"trigger %s on table %s".formatted(trigger.name(), table.name()),
					"is not to record the values of %s, which the table does not have".formatted(join(unknown)),
					"Write the columns as the table has them: %s.".formatted(String.join(", ", table.columns()))));
		}
	}

	/**
	 * Returns the statements that create triggers, with a function that records changes.
	 */
	private String create(Relation table, Set<Recording> missing) {
		return this.catalog.functions()
			.values()
			.stream()
			.filter((function) -> Recording.isIn(function, this.log))
			.findFirst()
			.map((function) -> Recording.define(missing,
					missing.equals(Set.of(Recording.TRUNCATE)) ? TRUNCATE_TRIGGER : TRIGGER, table, function.name()))
			.orElse("Create a function that inserts into %s, and its triggers, as in 'docs/row-audit.sql'."
				.formatted(this.log.name()));
	}

	private static String join(Iterable<?> parts) {
		List<String> texts = new ArrayList<>();
		parts.forEach((part) -> texts.add(String.valueOf(part)));
		return String.join(", ", texts);
	}

}
