package io.appdbs.rls.verify.proof;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.rls.verify.catalog.Access;
import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import io.appdbs.rls.verify.proof.PolicyCombination.Verdict;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.Truth;
import io.appdbs.rls.verify.witness.WitnessContext;
import io.appdbs.rls.verify.witness.WitnessContexts;

/**
 * Finds what the policies of a table let through that they should not.
 */
final class PolicyHoles {

	private final PolicyCombination policies;

	private final TableWitnesses witnesses;

	private final WitnessContexts contexts;

	private final Map<List<Object>, PolicyHole> holes = new LinkedHashMap<>();

	/** What is let through without a user, by policy. */
	private final Set<List<Object>> open = new HashSet<>();

	private boolean undecided;

	PolicyHoles(PolicyCombination policies, WitnessContexts contexts) {
		this.policies = policies;
		this.witnesses = policies.witnesses();
		this.contexts = contexts;
	}

	/**
	 * Finds all holes.
	 */
	List<PolicyHole> find() {
		for (Access access : Access.values()) {
			if (isGranted(access) && access != Access.UPDATED) {
				this.contexts.withoutUser().forEach((context) -> find(access, context));
				this.contexts.withUser().forEach((context) -> find(access, context));
			}
		}
		if (isGranted(Access.UPDATE)) {
			findGivenAway();
		}
		return new ArrayList<>(this.holes.values());
	}

	/**
	 * Returns whether something was let through or not, depending on what is not known.
	 */
	boolean areUndecided() {
		return this.undecided;
	}

	private boolean isGranted(Access access) {
		return this.witnesses.table().granted().contains(access.command());
	}

	private void find(Access access, WitnessContext context) {
		if (access == Access.UPDATE && !isPossible(context)) {
			return;
		}
		for (int cell = 0; cell < this.witnesses.cells().size(); cell++) {
			if (context.user()
					&& (this.witnesses.cells().person(cell) == Person.B || this.witnesses.cells().isJoined(cell))) {
				continue;
			}
			Verdict verdict = this.policies.decide(access, context, cell);
			this.undecided |= verdict.truth() == Truth.UNKNOWN;
			if (verdict.truth() == Truth.TRUE) {
				for (Policy policy : verdict.policies()) {
					add(policy, access, context, cell);
				}
			}
		}
	}

	private void add(Policy policy, Access access, WitnessContext context, int cell) {
		List<Object> spot = List.of(policy, access, cell);
		if (!context.user()) {
			this.open.add(spot);
		}
		else if (this.open.contains(spot)) {
			return;
		}
		boolean read = access.command() == Command.SELECT;
		FindingType type = context.user()
				? (read ? FindingType.POLICY_VISIBLE_TO_STRANGER : FindingType.POLICY_WRITABLE_FOR_STRANGER)
				: (read ? FindingType.POLICY_VISIBLE_WITHOUT_USER : FindingType.POLICY_WRITABLE_WITHOUT_USER);
		hole(type, policy).add(access, context, cell);
	}

	private PolicyHole hole(FindingType type, Policy policy) {
		return this.holes.computeIfAbsent(List.of(type, policy), (key) -> new PolicyHole(type, policy, this.witnesses));
	}

	/**
	 * Returns whether an UPDATE can succeed: there are new rows that it may write.
	 */
	private boolean isPossible(WitnessContext context) {
		for (int cell = 0; cell < this.witnesses.cells().size(); cell++) {
			if (this.policies.decide(Access.UPDATED, context, cell).truth() == Truth.TRUE) {
				return true;
			}
		}
		return false;
	}

	/**
	 * An own row becomes that of somebody else, if a column may be updated that decides
	 * whose it is.
	 */
	private void findGivenAway() {
		WitnessContext user = this.contexts.user();
		boolean updatable = this.witnesses.columns().isEmpty()
				|| this.witnesses.columns().stream().anyMatch((column) -> column.updatable());
		boolean own = false;
		for (int cell = 0; cell < this.witnesses.cells().size(); cell++) {
			own |= this.witnesses.cells().person(cell) == Person.B
					&& this.policies.decide(Access.UPDATE, user, cell).truth() == Truth.TRUE;
		}
		if (!own || !updatable || this.holes.values().stream().anyMatch(PolicyHoles::isUpdate)) {
			return;
		}
		for (int cell = 0; cell < this.witnesses.cells().size(); cell++) {
			if (!this.witnesses.cells().isJoined(cell) && (this.witnesses.cells().person(cell) == Person.A
					|| this.witnesses.cells().person(cell) == Person.C)) {
				for (Policy policy : this.policies.decide(Access.UPDATED, user, cell).policies()) {
					hole(FindingType.POLICY_GIVES_ROWS_AWAY, policy).add(Access.UPDATED, user, cell);
				}
			}
		}
	}

	private static boolean isUpdate(PolicyHole hole) {
		return hole.accesses().contains(Access.UPDATE);
	}

}
