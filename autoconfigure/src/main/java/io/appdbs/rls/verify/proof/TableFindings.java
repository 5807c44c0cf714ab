package io.appdbs.rls.verify.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Access;
import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.PolicyExpression;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.proof.PolicyCombination.Clause;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.WitnessContexts;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The findings about the policies of one table, from what they yield for witness rows.
 */
final class TableFindings {

	private final Proof proof;

	private final DatabaseDefinition definition;

	private final TableWitnesses witnesses;

	private final WitnessContexts contexts;

	private final WitnessUsers users;

	private final PolicyHoles search;

	private final List<PolicyHole> holes;

	private final PolicyErrors errors;

	private final ProposedPolicies proposals;

	private final PolicyRemarks remarks;

	private final List<Finding> findings = new ArrayList<>();

	TableFindings(Proof proof, DatabaseDefinition definition, TableWitnesses witnesses, WitnessContexts contexts,
			WitnessUsers users) {
		this.proof = proof;
		this.definition = definition;
		this.witnesses = witnesses;
		this.contexts = contexts;
		this.users = users;
		this.search = new PolicyHoles(new PolicyCombination(witnesses), contexts);
		this.holes = this.search.find();
		this.errors = new PolicyErrors(witnesses, contexts, users.areGuessed(witnesses::reads));
		this.proposals = new ProposedPolicies(proof, witnesses, contexts);
		this.remarks = new PolicyRemarks(proof, definition, witnesses.table());
	}

	/**
	 * Returns the conditions that have to be evaluated before fixes can be proposed.
	 */
	Set<String> candidates() {
		Set<String> candidates = new LinkedHashSet<>(this.proposals.candidates(faulty()));
		perRow().flatMap((policy) -> Stream.of(policy.using(), policy.check()))
			.filter(Objects::nonNull)
			.map((text) -> new PolicyExpression(text).wrap())
			.forEach(candidates::add);
		return candidates;
	}

	private Set<Clause> faulty() {
		Set<Clause> faulty = new LinkedHashSet<>();
		this.holes.forEach((hole) -> faulty.addAll(hole.clauses()));
		this.errors.all().forEach((error) -> faulty.addAll(error.clauses()));
		return faulty;
	}

	/**
	 * Returns the policies that decide on something that is granted.
	 */
	private Stream<Policy> relevant() {
		return this.witnesses.policies()
			.stream()
			.filter((policy) -> this.witnesses.table().granted().stream().anyMatch(policy::isFor));
	}

	private Stream<Policy> perRow() {
		return relevant().filter((policy) -> Stream.of(policy.using(), policy.check())
			.filter(Objects::nonNull)
			.anyMatch((text) -> !new PolicyExpression(text).wrap().equals(text)));
	}

	/**
	 * Returns the findings.
	 * @param planned the error that planning a statement raises, or {@code null}
	 * @param open the tables that let too much through
	 */
	List<Finding> build(@Nullable String planned, Collection<Relation> open) {
		if (planned != null) {
			add(FindingType.POLICY_RAISES, null, "raises an error: " + planned, null);
		}
		this.holes.forEach((hole) -> add(hole, open));
		this.errors.all().stream().filter((error) -> !isDenied(error)).forEach(this::add);
		relevant().filter((policy) -> policy.command().equals("a") && policy.check() == null)
			.forEach(this::addWithoutCheck);
		addNeverTrue(planned);
		addUnproved(planned);
		relevant().forEach((policy) -> this.findings.addAll(this.remarks.about(policy)));
		perRow().forEach((policy) -> add(FindingType.POLICY_EVALUATED_PER_ROW, policy,
				"reads a setting for each row instead of once per statement",
				isAltered(policy) ? "Apply the other fix of this policy first." : this.proposals.wrap(policy)));
		return this.findings;
	}

	/**
	 * Returns whether a fix changes the policy, which another one would take back.
	 */
	private boolean isAltered(Policy policy) {
		String object = PolicyRemarks.object(policy, this.witnesses.table());
		return this.findings.stream()
			.anyMatch((finding) -> finding.object().equals(object) && finding.fix() != null
					&& finding.fix().contains("ALTER POLICY " + policy.name() + " "));
	}

	private void add(FindingType type, @Nullable Policy policy, String reason, @Nullable String fix) {
		add(type, type.severity(), policy, reason, fix);
	}

	private void add(FindingType type, Severity severity, @Nullable Policy policy, String reason,
			@Nullable String fix) {
		Relation table = this.witnesses.table();
		this.findings.add(new Finding(type, severity,
				(policy != null) ? PolicyRemarks.object(policy, table) : table.toString(), reason, fix));
	}

	/**
	 * Returns whether the table lets too much through.
	 */
	boolean isOpen() {
		return !this.holes.isEmpty();
	}

	private void add(PolicyHole hole, Collection<Relation> open) {
		String clauses = hole.clauses().stream().map(Clause::toString).collect(Collectors.joining(" "));
		add(hole.type(), hole.severity(), hole.policy(), hole.describe(this.contexts) + ": " + clauses,
				fix(hole, open));
	}

	private String fix(PolicyHole hole, Collection<Relation> open) {
		String allow = this.definition.key("rls.allow");
		if (hole.severity() != Severity.ERROR) {
			String sound = this.proposals.readSoundly(hole);
			return (sound != null) ? sound : "If this is intended, declare it in '%s'.".formatted(allow);
		}
		List<String> causes = open.stream()
			.filter((table) -> hole.policy().reads().contains(table.id()))
			.map(Relation::toString)
			.toList();
		if (!causes.isEmpty()) {
			return "Fix %s first, which this policy reads.".formatted(String.join(" and ", causes));
		}
		String sql = this.proposals.propose(hole, faulty());
		return (sql != null) ? sql
				: "Compare a column that says whose row it is with the user, or declare what is public by intent in "
						+ "'%s'.".formatted(allow);
	}

	private void add(PolicyErrors.Error error) {
		String raised = this.users.mask(error.raised().toString());
		String clauses = error.clauses().stream().map(Clause::toString).collect(Collectors.joining(" "));
		if (error.type() == FindingType.POLICY_UNPROVED) {
			add(error.type(), error.policy(),
					"could not be proved, as it raises an error: %s: %s".formatted(raised, clauses),
					error.raised().state().startsWith("22")
							? "Name two example users in '%s'.".formatted(this.definition.key("rls.witnesses")) : null);
			return;
		}
		String fix = this.proposals.propose(error.policy(), error.clauses(), faulty(), false);
		add(error.type(), error.severity(), error.policy(),
				"raises an error%s: %s: %s".formatted(error.user() ? "" : " without a user", raised, clauses), fix);
	}

	private void addWithoutCheck(Policy policy) {
		add(FindingType.POLICY_NEVER_TRUE, policy, "is FOR INSERT, but has no WITH CHECK, so it allows nothing",
				this.proposals.propose(policy, Set.of(new Clause(policy, true)), faulty(), true));
	}

	/**
	 * Adds a finding if users do not see their own rows, unless another finding explains
	 * it: a policy reads another setting or raises an error.
	 */
	private void addNeverTrue(@Nullable String planned) {
		List<Policy> reading = relevant().filter((policy) -> policy.isFor(Command.SELECT)).toList();
		List<Policy> permissive = reading.stream()
			.filter((policy) -> policy.permissive() && policy.using() != null && !"false".equals(policy.using()))
			.toList();
		boolean explained = planned != null || reading.stream()
			.anyMatch((policy) -> this.errors.of(policy) != null || !this.remarks.otherSettings(policy).isEmpty());
		if (permissive.isEmpty() || explained || !this.witnesses.table().granted().contains(Command.SELECT)) {
			return;
		}
		if (!new PolicyCombination(this.witnesses).isOwnVisible(this.contexts.user())
				&& !this.witnesses.isVisibleAtAll()
				&& this.holes.stream().noneMatch((hole) -> hole.accesses().contains(Access.READ))) {
			add(FindingType.POLICY_NEVER_TRUE,
					(permissive.size() == 1 && reading.size() == 1) ? permissive.get(0) : null,
					"shows a user none of their own rows", null);
		}
	}

	private void addUnproved(@Nullable String planned) {
		if (planned != null) {
			return;
		}
		Set<String> reasons = new LinkedHashSet<>();
		this.witnesses.unknown().forEach(reasons::add);
		if (this.search.areUndecided()) {
			addUndecided(reasons);
		}
		if (!reasons.isEmpty()) {
			boolean marked = reasons.stream().noneMatch((reason) -> reason.contains("VOLATILE"));
			add(FindingType.POLICY_UNPROVED, null,
					"has policies that could not be proved, as they depend on " + String.join(" and ", reasons),
					marked ? null : "Mark the function as STABLE if it does not change anything.");
		}
	}

	private void addUndecided(Set<String> reasons) {
		relevant().forEach((policy) -> reasons.addAll(this.witnesses.reasons(policy)));
		this.proof.rules()
			.functions()
			.deciding(this.proof.rules().functions(this.witnesses.involved()))
			.forEach(reasons::add);
	}

	/**
	 * Returns whether a function that may not be executed is the reason.
	 */
	private boolean isDenied(PolicyErrors.Error error) {
		return error.type() == FindingType.POLICY_UNPROVED
				&& !this.proof.rules().functions().denied(error.policy().functions()).isEmpty();
	}

}
