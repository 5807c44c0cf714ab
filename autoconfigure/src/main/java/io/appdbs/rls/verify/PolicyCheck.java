package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.RlsSettings.Setting;
import io.appdbs.rls.verify.Catalog.Policy;
import io.appdbs.rls.verify.Catalog.Relation;
import org.jspecify.annotations.Nullable;

/**
 * Finds policies that let through what they should not.
 */
final class PolicyCheck {

	private final Catalog catalog;

	/** The key of the settings. */
	private final String key;

	private final List<String> settings;

	private final Set<String> trueConditions;

	private final String template;

	/**
	 * Create a new {@link PolicyCheck}.
	 * @param trueConditions the conditions that are true for a row of NULLs and no user
	 */
	PolicyCheck(Catalog catalog, DatabaseDefinition definition, Set<String> trueConditions, String template) {
		this.catalog = catalog;
		this.key = definition.key("rls.settings");
		this.settings = definition.settings().rls().settings().stream().map(Setting::name).toList();
		this.trueConditions = trueConditions;
		this.template = template;
	}

	List<Finding> check(Relation table, List<Policy> policies) {
		List<Finding> findings = new ArrayList<>();
		for (Policy policy : policies) {
			Finding finding = table.granted().stream().anyMatch(policy::isFor) ? check(table, policy, policies) : null;
			if (finding != null) {
				findings.add(finding);
			}
		}
		return findings;
	}

	private @Nullable Finding check(Relation table, Policy policy, List<Policy> policies) {
		List<Clause> wide = clauses(policy).stream()
			.filter((clause) -> policy.permissive() && !isRestricted(policy, clause, policies))
			.toList();
		List<Clause> open = wide.stream().filter((clause) -> this.trueConditions.contains(clause.condition())).toList();
		List<Clause> blind = wide.stream().filter((clause) -> !readsContext(policy, clause.condition())).toList();
		if (policy.command().equals("a") && policy.check() == null) {
			return finding(FindingType.POLICY_NEVER_TRUE, table, policy,
					"is FOR INSERT, but has no WITH CHECK, so it allows nothing",
					List.of(new Clause("WITH CHECK", this.template)));
		}
		if (!open.isEmpty()) {
			return finding(FindingType.POLICY_VISIBLE_WITHOUT_USER, table, policy,
					"holds whoever the user is, also without any: " + text(open), template(open));
		}
		if (!blind.isEmpty()) {
			return finding(FindingType.POLICY_VISIBLE_TO_STRANGER, table, policy, blindness(blind) + ": " + text(blind),
					template(blind));
		}
		return checkReading(table, policy);
	}

	private static List<Clause> clauses(Policy policy) {
		List<Clause> clauses = new ArrayList<>();
		if (policy.using() != null) {
			clauses.add(new Clause("USING", policy.using()));
		}
		if (policy.check() != null) {
			clauses.add(new Clause("WITH CHECK", policy.check()));
		}
		return clauses;
	}

	/**
	 * Return whether a restrictive policy takes away what a permissive one is too
	 * generous with.
	 */
	private boolean isRestricted(Policy policy, Clause clause, List<Policy> policies) {
		return policies.stream()
			.filter((other) -> !other.permissive() && other.applied()
					&& (other.command().equals("*") || other.command().equals(policy.command())))
			.anyMatch((other) -> {
				String condition = clause.name().equals("USING") ? other.using() : other.effectiveCheck();
				return condition != null && readsContext(other, condition) && !this.trueConditions.contains(condition);
			});
	}

	/**
	 * A function of the application's own may read the context, and another table has
	 * policies that do; what they let through is seen when tables are read.
	 */
	private boolean readsContext(Policy policy, String condition) {
		return policy.calling() || policy.reads().stream().anyMatch(this::isSecured)
				|| new PolicyExpression(condition).readsContext(this.settings);
	}

	private boolean isSecured(Long id) {
		Relation relation = this.catalog.relations().get(id);
		return relation != null && relation.secured();
	}

	private String blindness(List<Clause> clauses) {
		Set<String> others = new TreeSet<>();
		clauses.forEach((clause) -> others.addAll(new PolicyExpression(clause.condition()).settings()));
		String known = String.join(", ", this.settings);
		return others.isEmpty() ? "does not depend on who the user is, as it reads none of " + known
				: "reads %s, but '%s' are %s".formatted(String.join(", ", others), this.key, known);
	}

	private @Nullable Finding checkReading(Relation table, Policy policy) {
		List<Clause> failing = clauses(policy).stream()
			.filter((clause) -> new PolicyExpression(clause.condition()).failsWhereUnset())
			.toList();
		List<Clause> trusting = clauses(policy).stream()
			.filter((clause) -> new PolicyExpression(clause.condition()).trustsEmpty())
			.toList();
		if (!failing.isEmpty()) {
			return finding(FindingType.POLICY_RAISES, table, policy,
					"reads a setting without 'true' as the second argument, which fails where it was never set: "
							+ text(failing),
					mend(failing));
		}
		return trusting.isEmpty() ? null
				: finding(FindingType.POLICY_RAISES, table, policy,
						"reads a setting without NULLIF, but one that was set once is '' from then on, not NULL: "
								+ text(trusting),
						mend(trusting));
	}

	private static List<Clause> mend(List<Clause> clauses) {
		return clauses.stream().map(Clause::mend).toList();
	}

	private List<Clause> template(List<Clause> clauses) {
		return clauses.stream().map((clause) -> new Clause(clause.name(), this.template)).toList();
	}

	private static Finding finding(FindingType type, Relation table, Policy policy, String reason,
			List<Clause> mended) {
		return new Finding(type, "policy %s on %s".formatted(policy.name(), table), reason,
				"ALTER POLICY %s ON %s %s;".formatted(policy.name(), table.quoted(), text(mended)));
	}

	private static String text(List<Clause> clauses) {
		return clauses.stream().map(Clause::toString).collect(Collectors.joining(" "));
	}

	/**
	 * One of the two conditions of a policy.
	 *
	 * @param name USING or WITH CHECK
	 * @param condition the condition
	 */
	private record Clause(String name, String condition) {

		Clause mend() {
			return new Clause(this.name, new PolicyExpression(this.condition).mend());
		}

		@Override
		public String toString() {
			return this.name + " (" + this.condition + ")";
		}

	}

}
