package io.appdbs.rls.verify.proof;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Access;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.PolicyExpression;
import io.appdbs.rls.verify.catalog.PolicyFunctions;
import io.appdbs.rls.verify.catalog.PolicyRules.Involved;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import io.appdbs.rls.verify.proof.PolicyCombination.Clause;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.Truth;
import io.appdbs.rls.verify.witness.WitnessContext;
import io.appdbs.rls.verify.witness.WitnessContexts;
import org.jspecify.annotations.Nullable;

/**
 * Proposes other conditions for policies of a table. A proposal is made only if it was
 * proved on the witness rows: the finding is gone, nothing is let through that was not,
 * and user B still sees the own row.
 */
final class ProposedPolicies {

	private final Proof proof;

	private final TableWitnesses witnesses;

	private final WitnessContexts contexts;

	/** What the policies yield after the proposals so far. */
	private PolicyCombination current;

	private final Map<Policy, Map<Clause, String>> proposals = new LinkedHashMap<>();

	ProposedPolicies(Proof proof, TableWitnesses witnesses, WitnessContexts contexts) {
		this.proof = proof;
		this.witnesses = witnesses;
		this.contexts = contexts;
		this.current = new PolicyCombination(witnesses);
	}

	/**
	 * Returns the conditions that have to be evaluated before a proposal can be made.
	 */
	Set<String> candidates(Collection<Clause> faulty) {
		Set<String> candidates = new LinkedHashSet<>();
		for (Clause clause : faulty) {
			String changed = soundReads(clause);
			if (changed != null) {
				candidates.add(changed);
			}
			candidates.addAll(parts(clause));
		}
		return candidates;
	}

	/**
	 * Returns the parts of a condition that would do alone.
	 */
	private List<String> parts(Clause clause) {
		return (clause.text() != null && this.witnesses.reasons(clause.policy()).isEmpty())
				? new PolicyExpression(String.valueOf(clause.text())).strictParts() : List.of();
	}

	/**
	 * Returns a condition in which an empty setting is the same as one that was never
	 * set, which therefore is evaluated for only one of the two, or {@code null}.
	 */
	private @Nullable String soundReads(Clause clause) {
		String text = clause.text();
		if (text == null || !this.witnesses.reasons(clause.policy()).isEmpty()) {
			return null;
		}
		Involved involved = this.proof.rules().involved(List.of(clause.policy()), null);
		String changed = new PolicyExpression(text).readSoundly();
		Set<Policy> others = new LinkedHashSet<>(involved.policies());
		others.remove(clause.policy());
		boolean sound = new PolicyExpression(
				changed + this.proof.rules().text(new Involved(others, involved.relations())))
			.isSound();
		return (sound && !changed.equals(text)
				&& !this.proof.rules().functions().areCalled(this.proof.rules().functions(involved))) ? changed : null;
	}

	/**
	 * Propose other conditions for a policy that lets too much through.
	 * @return the SQL or {@code null}
	 */
	@Nullable String propose(PolicyHole hole, Set<Clause> faulty) {
		return propose(hole.policy(), hole.clauses(), faulty, false,
				(after) -> new PolicyHoles(after, this.contexts).find()
					.stream()
					.noneMatch((other) -> other.policy().equals(hole.policy()) && other.type() == hole.type()));
	}

	/**
	 * Propose other conditions for a policy that raises errors, or allows nothing.
	 * @param own whether own rows may become accessible
	 * @return the SQL or {@code null}
	 */
	@Nullable String propose(Policy policy, Set<Clause> raising, Set<Clause> faulty, boolean own) {
		return propose(policy, raising, faulty, own,
				(after) -> Arrays.stream(Access.values())
					.filter((access) -> access.isIn(policy))
					.map((access) -> after.condition(policy, access))
					.allMatch((text) -> all().stream().allMatch((context) -> !raises(context, text))));
	}

	private boolean raises(WitnessContext context, @Nullable String text) {
		return this.witnesses.results().raised(context, text) != null;
	}

	/**
	 * Propose to read settings in another way, which keeps what a policy is meant to let
	 * through.
	 * @return the SQL or {@code null}
	 */
	@Nullable String readSoundly(PolicyHole hole) {
		Map<Clause, String> changed = soundReads(hole.clauses());
		return (changed.size() == hole.clauses().size()) ? propose(hole, hole.clauses()) : null;
	}

	private @Nullable String propose(Policy policy, Set<Clause> clauses, Set<Clause> faulty, boolean own,
			Predicate<PolicyCombination> solved) {
		Map<Clause, String> known = this.proposals.get(policy);
		if (known != null && known.keySet().containsAll(clauses)) {
			return toSql(policy, known);
		}
		for (Map<Clause, String> changes : changes(clauses, faulty)) {
			PolicyCombination after = this.current.with(changes);
			if (solved.test(after) && isNoWider(after, own) && isOwnKept(after)) {
				this.current = after;
				this.proposals.computeIfAbsent(policy, (key) -> new LinkedHashMap<>()).putAll(changes);
				return toSql(policy, this.proposals.get(policy));
			}
		}
		return null;
	}

	/**
	 * Returns what can be changed: each clause to read settings in another way, or all to
	 * a part of one or to the condition of a sound one.
	 */
	private List<Map<Clause, String>> changes(Set<Clause> clauses, Set<Clause> faulty) {
		Map<Clause, String> changed = soundReads(clauses);
		Set<String> others = new LinkedHashSet<>();
		clauses.forEach((clause) -> others.addAll(parts(clause)));
		others.addAll(soundConditions(faulty));
		Stream<Map<Clause, String>> same = others.stream().map((text) -> {
			Map<Clause, String> changes = new LinkedHashMap<>();
			clauses.forEach((clause) -> changes.put(clause, text));
			return changes;
		});
		return Stream.concat((changed.size() == clauses.size()) ? Stream.of(changed) : Stream.empty(), same).toList();
	}

	private Map<Clause, String> soundReads(Set<Clause> clauses) {
		Map<Clause, String> changed = new LinkedHashMap<>();
		for (Clause clause : clauses) {
			String text = soundReads(clause);
			if (text != null) {
				changed.put(clause, text);
			}
		}
		return changed;
	}

	/**
	 * Returns the conditions of other clauses under which B sees the own row, those first
	 * that only compare.
	 */
	private Set<String> soundConditions(Set<Clause> faulty) {
		return this.witnesses.policies()
			.stream()
			.flatMap((policy) -> Stream.of(new Clause(policy, false), new Clause(policy, true)))
			.filter((clause) -> !faulty.contains(clause) && clause.text() != null && isProved(clause.policy()))
			.sorted(Comparator
				.comparing((clause) -> clause.policy().functions().size() + clause.policy().reads().size()))
			.map((clause) -> String.valueOf(clause.text()))
			.filter((text) -> this.witnesses.results().isKnown(this.contexts.user(), text) && ownCells()
				.anyMatch((cell) -> this.witnesses.results().truth(this.contexts.user(), text, cell) == Truth.TRUE))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * Returns whether nothing had to be assumed.
	 */
	private boolean isProved(Policy policy) {
		PolicyFunctions functions = this.proof.rules().functions();
		return functions.assumed(policy.functions()).isEmpty()
				&& functions.deciding(policy.functions()).findAny().isEmpty();
	}

	private Stream<Integer> ownCells() {
		return Stream.iterate(0, (cell) -> cell + 1)
			.limit(this.witnesses.cells().size())
			.filter((cell) -> this.witnesses.cells().person(cell) == Person.B);
	}

	private List<WitnessContext> all() {
		return Stream.concat(this.contexts.withoutUser().stream(), this.contexts.withUser().stream()).toList();
	}

	private boolean isNoWider(PolicyCombination after, boolean ownAllowed) {
		for (Access access : Access.values()) {
			for (WitnessContext context : all()) {
				for (int cell = 0; cell < this.witnesses.cells().size(); cell++) {
					boolean own = ownAllowed && context.user() && this.witnesses.cells().person(cell) == Person.B;
					if (!own && after.decide(access, context, cell).truth() != Truth.FALSE
							&& this.current.decide(access, context, cell).truth() != Truth.TRUE
							&& this.current.decide(access, context, cell).truth() != after.decide(access, context, cell)
								.truth()) {
						return false;
					}
				}
			}
		}
		return true;
	}

	private boolean isOwnKept(PolicyCombination after) {
		return Arrays.stream(Access.values())
			.allMatch((access) -> !isOwnLetThrough(this.current, access) || isOwnLetThrough(after, access));
	}

	private boolean isOwnLetThrough(PolicyCombination policies, Access access) {
		return ownCells().anyMatch((cell) -> policies.decide(access, this.contexts.user(), cell).truth() == Truth.TRUE);
	}

	private String toSql(Policy policy, @Nullable Map<Clause, String> changes) {
		String clauses = (changes != null) ? changes.entrySet()
			.stream()
			.map((change) -> change.getKey().toString(change.getValue()))
			.sorted()
			.collect(Collectors.joining(" ")) : "";
		return "ALTER POLICY %s ON %s %s;".formatted(policy.name(), this.witnesses.table().quoted(), clauses);
	}

	/**
	 * Returns the SQL with which settings are read once per statement, or {@code null} if
	 * that would make a difference.
	 */
	@Nullable String wrap(Policy policy) {
		Map<Clause, String> changes = new LinkedHashMap<>();
		for (Clause clause : List.of(new Clause(policy, false), new Clause(policy, true))) {
			String text = clause.text();
			String wrapped = (text != null) ? new PolicyExpression(text).wrap() : null;
			if (text != null && wrapped != null && !wrapped.equals(text)) {
				if (!isSame(text, wrapped)) {
					return null;
				}
				changes.put(clause, wrapped);
			}
		}
		return toSql(policy, changes);
	}

	private boolean isSame(String text, String other) {
		return all().stream()
			.filter((context) -> context.settings() != null)
			.allMatch((context) -> Stream.iterate(0, (cell) -> cell + 1)
				.limit(this.witnesses.cells().size())
				.allMatch((cell) -> this.witnesses.results().isKnown(context, other) && this.witnesses.results()
					.truth(context, text, cell) == this.witnesses.results().truth(context, other, cell)));
	}

}
