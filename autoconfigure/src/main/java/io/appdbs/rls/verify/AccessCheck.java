package io.appdbs.rls.verify;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.Setting;
import io.appdbs.rls.verify.Catalog.Command;
import io.appdbs.rls.verify.Catalog.Policy;
import io.appdbs.rls.verify.Catalog.Relation;
import io.appdbs.rls.verify.Catalog.Role;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the role can reach that policies do not keep from it.
 */
final class AccessCheck {

	private final DatabaseDefinition definition;

	private final Catalog catalog;

	private final VerificationScope scope;

	private final Role role;

	private final List<Finding> findings = new ArrayList<>();

	/** The tables with findings, which others may depend on. */
	private final Set<Long> faulty = new HashSet<>();

	private final List<Relation> bound = new ArrayList<>();

	private final Map<Long, List<Policy>> policies;

	AccessCheck(DatabaseDefinition definition, Catalog catalog, VerificationScope scope, Role role) {
		this.definition = definition;
		this.catalog = catalog;
		this.scope = scope;
		this.role = role;
		this.policies = catalog.policies().stream().collect(Collectors.groupingBy(Policy::relation));
	}

	/**
	 * Check everything.
	 * @param probe asks the server
	 * @return what is wrong
	 */
	List<Finding> check(BehaviorProbe probe) throws SQLException {
		String template = template(this.definition.settings().rls());
		TableCheck tableCheck = new TableCheck(this.catalog, this.role, template);
		checkBound(tableCheck);
		ViewCheck viewCheck = new ViewCheck(this.catalog, this.scope, this.role, Set.copyOf(this.faulty));
		BehaviorProbe.Result result = probe.run(conditions(), this.catalog.relations(),
				this.role.isBypassing() ? Map.of() : toRead());
		checkPolicies(tableCheck, new PolicyCheck(this.catalog, this.definition, result.trueConditions(), template));
		checkVisible(result.visible(), template);
		GrantCheck grantCheck = new GrantCheck(this.catalog, this.scope.allowed(), this.role);
		this.scope.tables().forEach((table) -> this.findings.addAll(grantCheck.check(table)));
		this.scope.relations()
			.stream()
			.filter((relation) -> relation.isView() || relation.isMaterialized())
			.forEach((view) -> add(viewCheck.check(view)));
		this.catalog.routines()
			.stream()
			.filter((routine) -> this.scope.contains(routine.schema()))
			.forEach((routine) -> add(viewCheck.check(routine)));
		return this.findings;
	}

	/**
	 * Return a condition as it should be.
	 */
	private static String template(RlsSettings settings) {
		Setting setting = settings.settings().get(0);
		String type = switch (setting.type()) {
			case ANY -> "";
			case LONG -> "::bigint";
			case UUID -> "::uuid";
		};
		return "<column> = (SELECT NULLIF(current_setting('%s', true), '')%s)".formatted(setting.name(), type);
	}

	private void checkBound(TableCheck check) {
		for (Relation table : this.scope.relations()) {
			if (table.isView() || table.isMaterialized()) {
				continue;
			}
			Finding finding = check.checkBound(table, this.catalog.parent(table));
			if (finding == null) {
				this.bound.add(table);
			}
			else {
				this.findings.add(finding);
				this.faulty.add(table.id());
			}
		}
	}

	/**
	 * Planning a statement takes most of the time, so of tables whose policies are seen
	 * to be strict, and are the same, one is read.
	 */
	private Map<Relation, Boolean> toRead() {
		Map<Relation, Boolean> tables = new LinkedHashMap<>();
		Set<List<String>> read = new HashSet<>();
		for (Relation table : this.bound) {
			List<String> conditions = policies(table).stream()
				.filter((policy) -> policy.permissive() && policy.isFor(Command.SELECT) && policy.using() != null)
				.map((policy) -> String.valueOf(policy.using()))
				.sorted()
				.toList();
			boolean strict = conditions.stream().allMatch((condition) -> new PolicyExpression(condition).isStrict());
			tables.put(table, !strict || read.add(conditions));
		}
		return tables;
	}

	private Map<String, Relation> conditions() {
		Map<String, Relation> conditions = new LinkedHashMap<>();
		for (Relation table : this.bound) {
			for (Policy policy : policies(table)) {
				Stream.of(policy.using(), policy.check())
					.filter((condition) -> condition != null && policy.applied())
					.forEach((condition) -> conditions.putIfAbsent(condition, table));
			}
		}
		return conditions;
	}

	private void checkPolicies(TableCheck tableCheck, PolicyCheck policyCheck) {
		for (Relation table : this.bound) {
			int before = this.findings.size();
			Relation parent = this.catalog.parent(table);
			if (parent == null || !parent.secured()) {
				add(tableCheck.checkPolicies(table, this.policies.getOrDefault(table.id(), List.of())));
			}
			this.findings.addAll(policyCheck.check(table, policies(table)));
			if (before < this.findings.size()) {
				this.faulty.add(table.id());
			}
		}
	}

	/**
	 * A table that shows rows because another one does, which its policies read, needs no
	 * mending of its own.
	 */
	private void checkVisible(Set<Long> visible, String template) {
		Set<Long> causes = new HashSet<>(this.faulty);
		causes.addAll(visible);
		Set<Long> open = this.catalog.policies()
			.stream()
			.filter(this.scope.allowed()::isPolicyAllowed)
			.map(Policy::relation)
			.collect(Collectors.toSet());
		for (Relation table : this.bound) {
			if (visible.contains(table.id()) && !this.faulty.contains(table.id()) && !open.contains(table.id())
					&& policies(table).stream()
						.flatMap((policy) -> policy.reads().stream())
						.noneMatch(causes::contains)) {
				String fix = policies(table).stream()
					.filter((policy) -> policy.permissive() && policy.isFor(Command.SELECT))
					.map((policy) -> "ALTER POLICY %s ON %s USING (%s);".formatted(policy.name(), table.quoted(),
							template))
					.collect(Collectors.joining(" "));
				this.findings.add(new Finding(FindingType.POLICY_VISIBLE_WITHOUT_USER, table.toString(),
						"shows rows although there is no user", fix));
			}
		}
	}

	/**
	 * Return the policies that are to be proved.
	 */
	private List<Policy> policies(Relation table) {
		return this.policies.getOrDefault(table.id(), List.of())
			.stream()
			.filter((policy) -> !this.scope.allowed().isPolicyAllowed(policy))
			.toList();
	}

	private void add(@Nullable Finding finding) {
		if (finding != null) {
			this.findings.add(finding);
		}
	}

}
