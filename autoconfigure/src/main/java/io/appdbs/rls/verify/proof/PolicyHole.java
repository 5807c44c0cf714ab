package io.appdbs.rls.verify.proof;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.rls.verify.catalog.Access;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import io.appdbs.rls.verify.proof.PolicyCombination.Clause;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.Truth;
import io.appdbs.rls.verify.witness.WitnessContext;
import io.appdbs.rls.verify.witness.WitnessContexts;
import io.appdbs.rls.verify.witness.WitnessFlags;
import org.jspecify.annotations.Nullable;

/**
 * What a policy lets through that it should not, of one kind.
 */
final class PolicyHole {

	private final FindingType type;

	private final Policy policy;

	private final TableWitnesses witnesses;

	private final Map<Access, Set<Integer>> cells = new LinkedHashMap<>();

	private final Set<WitnessContext> contexts = new LinkedHashSet<>();

	PolicyHole(FindingType type, Policy policy, TableWitnesses witnesses) {
		this.type = type;
		this.policy = policy;
		this.witnesses = witnesses;
	}

	void add(Access access, WitnessContext context, int cell) {
		this.cells.computeIfAbsent(access, (key) -> new LinkedHashSet<>()).add(cell);
		this.contexts.add(context);
	}

	FindingType type() {
		return this.type;
	}

	Policy policy() {
		return this.policy;
	}

	/**
	 * Returns whether the role also sees one of the rows.
	 */
	boolean isVisible(WitnessContext context) {
		PolicyCombination policies = new PolicyCombination(this.witnesses);
		return this.cells.values()
			.stream()
			.flatMap(Set::stream)
			.anyMatch((cell) -> policies.decide(Access.READ, context, cell).truth() == Truth.TRUE);
	}

	/**
	 * Returns what can be done with rows, in order.
	 */
	Set<Access> accesses() {
		return EnumSet.copyOf(this.cells.keySet());
	}

	/**
	 * Returns the clauses of the policy that are to blame.
	 */
	Set<Clause> clauses() {
		return accesses().stream()
			.map((access) -> new PolicyCombination(this.witnesses).clause(this.policy, access))
			.filter((clause) -> clause != null)
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * Returns whether only rows with certain flags are let through, which is likely to be
	 * intended. A user who gives rows away can set the flags.
	 */
	Severity severity() {
		boolean flagged = this.type != FindingType.POLICY_GIVES_ROWS_AWAY
				&& this.cells.values().stream().allMatch((found) -> flags(found).arePartial() || areMissing(found));
		return flagged ? Severity.WARN : this.type.severity();
	}

	private boolean areMissing(Set<Integer> found) {
		return found.stream().allMatch((cell) -> this.witnesses.cells().specialOfOthers(cell) != null);
	}

	private WitnessFlags flags(Set<Integer> found) {
		return WitnessFlags.of(this.witnesses.cells().size(), found::contains, this.witnesses.cells()::isCandidate,
				this.witnesses.cells()::flags);
	}

	/**
	 * Returns the words for the rows that are let through, such as {@code rows where
	 * is_public = true}.
	 */
	String rows() {
		Set<Integer> all = new LinkedHashSet<>();
		this.cells.values().forEach(all::addAll);
		List<String> words = new ArrayList<>();
		WitnessFlags flags = flags(all);
		if (flags.arePartial()) {
			words.add(flags.words());
		}
		else if (all.stream().allMatch((cell) -> isSpecial(cell))) {
			all.stream().map(this::special).distinct().limit(1).forEach(words::add);
		}
		return words.isEmpty() ? "all rows" : "rows " + String.join(" and ", words);
	}

	private boolean isSpecial(int cell) {
		return special(cell) != null;
	}

	private @Nullable String special(int cell) {
		if (this.witnesses.cells().specialOfOthers(cell) == null
				&& this.witnesses.cells().person(cell) == Person.NOBODY) {
			return "without an owner (" + this.witnesses.columns()
				.stream()
				.filter((column) -> column.isIdentity() && !column.notNull())
				.map((column) -> column.name() + " IS NULL")
				.collect(Collectors.joining(" AND ", "", ")"));
		}
		return this.witnesses.cells().special(cell);
	}

	/**
	 * Returns the words for the context that makes the difference.
	 * @param all those in which there could be a hole
	 */
	String context(WitnessContexts all) {
		WitnessContext first = this.contexts.iterator().next();
		boolean alone = this.contexts.size() == 1 && (first.user() || all.withoutUser().size() > 1);
		return alone ? first.words() : "";
	}

	/**
	 * Returns what the policy lets through, as the reason of a finding.
	 * @param contexts the contexts in which the conditions were evaluated
	 */
	String describe(WitnessContexts contexts) {
		String commands = accesses().stream()
			.map((access) -> access.command().name())
			.collect(Collectors.joining(", "));
		return switch (this.type) {
			case POLICY_VISIBLE_WITHOUT_USER -> "shows %s without a user%s".formatted(rows(), context(contexts));
			case POLICY_VISIBLE_TO_STRANGER ->
				"shows %s to users who do not own them%s".formatted(rows(), context(contexts));
			case POLICY_WRITABLE_WITHOUT_USER ->
				"allows %s of %s without a user%s".formatted(commands, rows(), context(contexts));
			case POLICY_WRITABLE_FOR_STRANGER ->
				"allows %s of %s to users who do not own them%s".formatted(commands, rows(), context(contexts));
			default -> "lets a user give own rows to others by an UPDATE" + (isVisible(contexts.user()) ? ""
					: " that reads no column, which policies for SELECT do not restrict");
		};
	}

}
