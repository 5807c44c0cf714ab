package io.appdbs.rls.verify.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.rls.verify.catalog.Access;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.PrintedSql;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.Truth;
import io.appdbs.rls.verify.witness.WitnessContext;
import org.jspecify.annotations.Nullable;

/**
 * Combines what the policies of a table yield for witness rows, as PostgreSQL does: one
 * of the permissive policies and all restrictive ones have to be true.
 */
final class PolicyCombination {

	private final TableWitnesses witnesses;

	private final Map<Clause, String> changed;

	PolicyCombination(TableWitnesses witnesses) {
		this(witnesses, Map.of());
	}

	private PolicyCombination(TableWitnesses witnesses, Map<Clause, String> changed) {
		this.witnesses = witnesses;
		this.changed = changed;
	}

	/**
	 * Returns the combination after clauses of policies were changed.
	 */
	PolicyCombination with(Map<Clause, String> changes) {
		Map<Clause, String> all = new HashMap<>(this.changed);
		all.putAll(changes);
		return new PolicyCombination(this.witnesses, all);
	}

	TableWitnesses witnesses() {
		return this.witnesses;
	}

	/**
	 * Returns the clause of a policy that decides, or {@code null} if it has none.
	 */
	@Nullable Clause clause(Policy policy, Access access) {
		boolean check = policy.check() != null || this.changed.containsKey(new Clause(policy, true));
		Clause clause = new Clause(policy, access.isCheck() && check);
		return (this.changed.containsKey(clause) || clause.text() != null) ? clause : null;
	}

	@Nullable String condition(Policy policy, Access access) {
		Clause clause = clause(policy, access);
		return (clause != null) ? this.changed.getOrDefault(clause, clause.text()) : null;
	}

	/**
	 * Returns whether policies let a witness row through, and which.
	 */
	Verdict decide(Access access, WitnessContext context, int cell) {
		Truth all = Truth.TRUE;
		Truth any = Truth.FALSE;
		List<Policy> responsible = new ArrayList<>();
		for (Policy policy : this.witnesses.policies()) {
			String condition = access.isIn(policy) ? condition(policy, access) : null;
			if (condition == null) {
				continue;
			}
			Truth truth = this.witnesses.results().truth(context, condition, cell);
			if (!policy.permissive()) {
				all = (truth == Truth.TRUE || all == Truth.FALSE || all == Truth.RAISED) ? all : truth;
			}
			else if (truth == Truth.TRUE) {
				responsible.add(policy);
				any = Truth.TRUE;
			}
			else if (any != Truth.TRUE && truth != Truth.FALSE) {
				any = truth;
			}
		}
		if (any == Truth.FALSE || all == Truth.FALSE || all == Truth.RAISED) {
			return new Verdict(Truth.FALSE, List.of());
		}
		return new Verdict((all == Truth.TRUE) ? any : all, (all == Truth.TRUE) ? responsible : List.of());
	}

	/**
	 * Returns whether there is a policy that could let rows through.
	 */
	boolean isPossible(Access access) {
		return this.witnesses.policies()
			.stream()
			.anyMatch((policy) -> policy.permissive() && access.isIn(policy) && condition(policy, access) != null);
	}

	/**
	 * Returns whether user B sees, or may see, a row of their own.
	 */
	boolean isOwnVisible(WitnessContext context) {
		List<Access> accesses = Arrays.stream(Access.values())
			.filter((access) -> this.witnesses.table().granted().contains(access.command()) && isPossible(access))
			.limit(1)
			.toList();
		return accesses.stream().allMatch((access) -> {
			for (int cell = 0; cell < this.witnesses.cells().size(); cell++) {
				Truth truth = (this.witnesses.cells().person(cell) == Person.B) ? decide(access, context, cell).truth()
						: Truth.FALSE;
				if (truth == Truth.TRUE || truth == Truth.UNKNOWN) {
					return true;
				}
			}
			return false;
		});
	}

	/**
	 * One of the two conditions of a policy.
	 *
	 * @param policy the policy
	 * @param check whether it is WITH CHECK, else USING
	 */
	record Clause(Policy policy, boolean check) {

		@Nullable String text() {
			return this.check ? this.policy.check() : this.policy.using();
		}

		String toString(@Nullable String text) {
			return (this.check ? "WITH CHECK (" : "USING (") + new PrintedSql(String.valueOf(text)).inOneLine() + ")";
		}

		@Override
		public String toString() {
			return toString(text());
		}

	}

	/**
	 * What policies decide.
	 *
	 * @param truth whether the row is let through
	 * @param policies the permissive policies that let it through
	 */
	record Verdict(Truth truth, List<Policy> policies) {

	}

}
