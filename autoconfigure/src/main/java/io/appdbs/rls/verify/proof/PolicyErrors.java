package io.appdbs.rls.verify.proof;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.rls.verify.proof.PolicyCombination.Clause;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.WitnessAnswer.Raised;
import io.appdbs.rls.verify.witness.WitnessContext;
import io.appdbs.rls.verify.witness.WitnessContexts;
import org.jspecify.annotations.Nullable;

/**
 * The errors that the policies of a table raise for witness rows.
 */
final class PolicyErrors {

	/** The condition is not what fails: it cannot be evaluated apart from its table. */
	private static final Set<String> NOT_OF_THE_CONDITION = Set.of("42", "0A", "XX", "3F");

	private static final String UNDEFINED_SETTING = "42704";

	private static final String DIVISION_BY_ZERO = "22012";

	/** A domain does not allow the value of a witness row. */
	private static final String CONSTRAINT = "23";

	private final TableWitnesses witnesses;

	private final boolean guessed;

	private final Map<Policy, Error> errors = new LinkedHashMap<>();

	/**
	 * Finds the errors.
	 * @param guessed whether what identifies user B is guessed
	 */
	PolicyErrors(TableWitnesses witnesses, WitnessContexts contexts, boolean guessed) {
		this.witnesses = witnesses;
		this.guessed = guessed;
		for (Policy policy : witnesses.policies()) {
			if (witnesses.table().granted().stream().anyMatch(policy::isFor)) {
				contexts.withUser().forEach((context) -> find(policy, context));
				contexts.withoutUser().forEach((context) -> find(policy, context));
			}
		}
	}

	private void find(Policy policy, WitnessContext context) {
		for (Clause clause : List.of(new Clause(policy, false), new Clause(policy, true))) {
			Raised raised = this.witnesses.results().raised(context, clause.text());
			if (raised != null) {
				FindingType type = type(raised, context.user());
				Error known = this.errors.get(policy);
				if (known == null
						|| (known.type() == FindingType.POLICY_UNPROVED && type != known.type() && !known.user())) {
					known = new Error(policy, type, raised, context.user(), new LinkedHashSet<>());
					this.errors.put(policy, known);
				}
				if (known.type() == type) {
					known.clauses().add(clause);
				}
			}
		}
	}

	private FindingType type(Raised raised, boolean user) {
		String state = raised.state();
		boolean foreign = NOT_OF_THE_CONDITION.stream().anyMatch(state::startsWith) && !state.equals(UNDEFINED_SETTING);
		boolean unfit = state.startsWith(CONSTRAINT)
				|| (user && this.guessed && state.startsWith("22") && !state.equals(DIVISION_BY_ZERO));
		return (foreign || unfit) ? FindingType.POLICY_UNPROVED : FindingType.POLICY_RAISES;
	}

	/**
	 * Returns the errors, one per policy.
	 */
	List<Error> all() {
		return List.copyOf(this.errors.values());
	}

	@Nullable Error of(Policy policy) {
		return this.errors.get(policy);
	}

	/**
	 * What a policy raises.
	 *
	 * @param policy the policy
	 * @param type whether it is a fault of the policy, or nothing could be proved
	 * @param raised the error
	 * @param user whether there is a user, else only without one
	 * @param clauses the clauses that raise it
	 */
	record Error(Policy policy, FindingType type, Raised raised, boolean user, Set<Clause> clauses) {

		Severity severity() {
			return (this.type == FindingType.POLICY_RAISES && this.user) ? Severity.ERROR : Severity.WARN;
		}

	}

}
