package io.appdbs.rls.verify;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Owner;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Catalog.Routine;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.rls.verify.catalog.VerificationScope;
import org.jspecify.annotations.Nullable;

/**
 * Finds ways around the policies of tables: views and routines that run with the rights
 * of an owner that policies do not bind, and copies.
 */
final class ViewCheck {

	private final Catalog catalog;

	private final VerificationScope scope;

	private final Role role;

	private final Set<Long> foundUnbound;

	/**
	 * Creates a new {@link ViewCheck}.
	 * @param foundUnbound the tables with findings, which come first
	 */
	ViewCheck(Catalog catalog, VerificationScope scope, Role role, Set<Long> foundUnbound) {
		this.catalog = catalog;
		this.scope = scope;
		this.role = role;
		this.foundUnbound = foundUnbound;
	}

	/**
	 * Check a view, materialized or not.
	 * @param view a view that the role may use
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding check(Relation view) {
		if (view.isMaterialized()) {
			Relation table = findCopied(view, new HashSet<>());
			return (table != null) ? new Finding(FindingType.VIEW_BYPASSES_POLICIES, view.toString(),
					"holds a copy of rows of %s, which no policy filters, and role %s may read it".formatted(table,
							this.role.name()),
					this.catalog.grants().revokeAll(view)) : null;
		}
		return check(view, view, null, new HashSet<>());
	}

	/**
	 * Look through a view.
	 * @param view the view that the role uses
	 * @param current the same, or a view that it reads in the end
	 * @param definer the view whose owner's rights count or {@code null} if it is the
	 * role's
	 * @return what is wrong or {@code null}
	 */
	private @Nullable Finding check(Relation view, Relation current, @Nullable Relation definer, Set<List<Long>> seen) {
		Relation rights = current.invoker() ? definer : current;
		if (!seen.add(List.of(current.id(), (rights != null) ? rights.id() : 0))) {
			return null;
		}
		for (Relation source : sources(current)) {
			Finding finding = source.isView() ? check(view, source, rights, seen) : null;
			if (finding == null && rights != null && !source.isView()) {
				finding = checkSource(view, source, rights);
			}
			if (finding != null) {
				return finding;
			}
		}
		return null;
	}

	private @Nullable Finding checkSource(Relation view, Relation source, Relation definer) {
		if (!isRelevant(source, view.granted())
				|| (source.isMaterialized() && findCopied(source, new HashSet<>()) == null)) {
			return null;
		}
		Owner owner = this.catalog.owners().get(definer.owner());
		if (source.secured() && (owner == null || !owner.isBypassing(source))) {
			return null;
		}
		String reason = source.secured() ? "which its policies do not bind" : "and no policy filters that";
		return new Finding(
				FindingType.VIEW_BYPASSES_POLICIES, view.toString(), "reads %s with the rights of role %s, %s"
					.formatted(source, (owner != null) ? owner.name() : "", reason),
				"ALTER VIEW %s SET (security_invoker = true);".formatted(definer.quoted()));
	}

	private @Nullable Relation findCopied(Relation view, Set<Long> seen) {
		if (!seen.add(view.id())) {
			return null;
		}
		for (Relation source : sources(view)) {
			Relation table = (source.isView() || source.isMaterialized()) ? findCopied(source, seen) : source;
			if (table != null && isRelevant(table, Set.of(Command.SELECT))) {
				return table;
			}
		}
		return null;
	}

	private boolean isRelevant(Relation source) {
		return !this.scope.isExempt(source) && !this.foundUnbound.contains(source.id());
	}

	/**
	 * What is allowed on a table is allowed through a view.
	 */
	private boolean isRelevant(Relation source, Set<Command> commands) {
		return isRelevant(source)
				&& !commands.stream().allMatch((command) -> this.scope.allowed().isAllowed(source, command.name()));
	}

	private List<Relation> sources(Relation view) {
		Map<Long, Relation> relations = this.catalog.relations();
		return this.catalog.sources()
			.getOrDefault(view.id(), List.of())
			.stream()
			.filter(relations::containsKey)
			.map(relations::get)
			.toList();
	}

	/**
	 * Check a routine. One that policies call has to be callable, but does not have to be
	 * where the application can name it: a policy refers to it by its identifier.
	 * @param routine a SECURITY DEFINER routine that the role may call
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding check(Routine routine) {
		Owner owner = this.catalog.owners().get(routine.owner());
		if (owner == null || this.scope.allowed().isRoutineAllowed(routine)
				|| this.catalog.relations()
					.values()
					.stream()
					.noneMatch((table) -> table.secured() && isRelevant(table) && owner.isBypassing(table))) {
			return null;
		}
		String reason = "runs with the rights of role %s, which policies do not bind, and role %s may call it"
			.formatted(owner.name(), this.role.name());
		if (routine.inPolicy()) {
			return new Finding(FindingType.ROUTINE_BYPASSES_POLICIES, Severity.WARN, routine.toString(),
					reason + " although only policies need it",
					"CREATE SCHEMA IF NOT EXISTS policy; ALTER %s SET SCHEMA policy;".formatted(routine.toSql()));
		}
		String revoke = this.catalog.grants().revoke(routine);
		return new Finding(FindingType.ROUTINE_BYPASSES_POLICIES, routine.toString(), reason,
				"ALTER %s SECURITY INVOKER;%s".formatted(routine.toSql(), (revoke != null) ? " -- or " + revoke : ""));
	}

}
