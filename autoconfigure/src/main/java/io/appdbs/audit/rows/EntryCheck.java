package io.appdbs.audit.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.audit.rows.RowAuditCatalog.Function;
import io.appdbs.audit.rows.RowAuditCatalog.Relation;
import io.appdbs.audit.rows.RowAuditCatalog.Trigger;
import io.appdbs.audit.rows.RowAuditFinding.Type;

/**
 * Finds rules and triggers of the log that keep entries from being written as they were
 * recorded.
 */
final class EntryCheck {

	private final RowAuditCatalog catalog;

	private final List<Relation> log;

	/**
	 * Creates a new {@link EntryCheck}.
	 * @param log the log and then its partitions and children
	 */
	EntryCheck(RowAuditCatalog catalog, List<Relation> log) {
		this.catalog = catalog;
		this.log = log;
	}

	List<RowAuditFinding> check() {
		List<RowAuditFinding> findings = new ArrayList<>();
		String table = this.log.get(0).name();
		this.catalog.rules()
			.forEach((rule) -> findings
				.add(new RowAuditFinding(Type.LOG_RULE, "rule %s on table %s".formatted(rule, table),
						"applies to INSERT, so an entry may be discarded, changed or removed",
						"ALTER TABLE %s DISABLE RULE %s;".formatted(table, rule))));
		List<Trigger> ofLog = findTriggers(this.log.get(0));
		this.log.forEach((relation) -> findTriggers(relation).stream()
			.filter((trigger) -> relation.root() || ofLog.stream().noneMatch((other) -> isSame(trigger, other)))
			.forEach((trigger) -> findings.add(find(relation, trigger))));
		return findings;
	}

	private List<Trigger> findTriggers(Relation relation) {
		Map<Long, Function> functions = this.catalog.functions();
		return this.catalog.triggers().getOrDefault(relation.oid(), List.of()).stream().filter((trigger) -> {
			Function function = functions.get(trigger.function());
			return trigger.enabled() && Recording.isBeforeInsert(trigger)
					&& (function == null || !Recording.isChaining(function));
		}).toList();
	}

	/**
	 * A partition has the triggers of its table.
	 */
	private static boolean isSame(Trigger trigger, Trigger other) {
		return trigger.name().equals(other.name()) && trigger.function() == other.function();
	}

	private static RowAuditFinding find(Relation relation, Trigger trigger) {
		return new RowAuditFinding(Type.LOG_TRIGGER,
				"trigger %s on table %s".formatted(trigger.name(), relation.name()),
				"fires before INSERT, so it can discard or change an entry",
				"ALTER TABLE %s DISABLE TRIGGER %s;".formatted(relation.name(), trigger.name()));
	}

}
