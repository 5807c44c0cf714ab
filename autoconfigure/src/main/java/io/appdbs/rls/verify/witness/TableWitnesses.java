package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.PolicyExpression;
import io.appdbs.rls.verify.catalog.PolicyRules;
import io.appdbs.rls.verify.catalog.PolicyRules.Involved;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import io.appdbs.rls.verify.witness.WitnessCells.Row;

/**
 * The witness rows of one table, and what the conditions of its policies yield for them.
 * A row in one of the worlds of other tables is a cell.
 */
public final class TableWitnesses {

	private static final String ALIAS = "t";

	private static final String MISSING = "that no row of the other tables belongs to";

	private final Proof proof;

	private final Relation table;

	private final List<Policy> policies;

	private final Map<Policy, List<String>> reasons = new LinkedHashMap<>();

	private final Involved involved;

	/** The functions that take part in a decision. */
	private final List<Long> functions;

	private final String text;

	private final boolean sound;

	private final List<Column> columns;

	private final WitnessLiterals literals;

	private final WitnessCells cells;

	private final ConditionResults results;

	private boolean visibleAtAll;

	public TableWitnesses(Proof proof, Relation table) {
		this.proof = proof;
		this.table = table;
		PolicyRules rules = proof.rules();
		this.policies = rules.policies(table, null);
		this.involved = rules.involved(this.policies, null);
		this.functions = rules.functions(this.involved);
		this.text = rules.text(this.involved);
		this.sound = new PolicyExpression(this.text).isSound() && !rules.functions().areCalled(this.functions);
		this.policies.forEach(this::findReasons);
		this.columns = isWhole() ? proof.details().columns(table.id())
				: proof.details().columns(table.id(), this.policies.stream().map(Policy::id).toList());
		this.literals = new WitnessLiterals(this.text + "\n" + rules.functions().bodies(this.functions));
		List<Column> columnsOfOthers = this.involved.relations()
			.stream()
			.flatMap((relation) -> proof.details().columns(relation.id()).stream())
			.toList();
		WitnessCandidates candidates = new WitnessCandidates(this.literals,
				Stream.concat(this.columns.stream(), columnsOfOthers.stream()).toList());
		List<Row> rows = new ArrayList<>();
		for (WitnessWorld world : new WitnessWorlds(this.columns, this.literals, candidates).all(proof.role(),
				this.sound)) {
			persons(world).forEach((person) -> rows.add(new Row(person, world)));
		}
		List<WitnessWorld> others = new ArrayList<>(
				new WitnessWorlds(columnsOfOthers, this.literals, candidates).ofOthers());
		if (!columnsOfOthers.isEmpty() && this.literals.isNegative()) {
			others.add(new WitnessWorld(Map.of(), others.get(0).flags(), MISSING));
		}
		this.cells = new WitnessCells(rows, others);
		this.results = new ConditionResults(this.cells, decisions().size());
	}

	private void findReasons(Policy policy) {
		Involved involved = this.proof.rules().involved(List.of(policy), null);
		List<String> reasons = new ArrayList<>(this.proof.rules().reasons(involved));
		if (WitnessRelations.isRecursive(this.proof, this.table, policy)) {
			reasons.add("tables whose policies read each other");
		}
		if (!reasons.isEmpty()) {
			this.reasons.put(policy, reasons);
		}
	}

	private boolean isWhole() {
		return this.table.isReadWhole(this.text);
	}

	private List<Person> persons(WitnessWorld world) {
		if (world.near() != WitnessWorld.Near.NONE) {
			return List.of(Person.C);
		}
		List<Person> persons = new ArrayList<>(List.of(Person.A, Person.B, Person.C));
		if (this.columns.stream().anyMatch((column) -> column.isIdentity() && !column.notNull())) {
			persons.add(Person.NOBODY);
		}
		if (this.columns.size() > 1) {
			persons.add(Person.SEVERAL);
		}
		return persons;
	}

	public Relation table() {
		return this.table;
	}

	public List<Policy> policies() {
		return this.policies;
	}

	/**
	 * Returns why conditions of a policy are not evaluated, nothing if they are.
	 * @param policy the policy
	 * @return why conditions of a policy are not evaluated, nothing if they are
	 */
	public List<String> reasons(Policy policy) {
		return this.reasons.getOrDefault(policy, List.of());
	}

	public Involved involved() {
		return this.involved;
	}

	/**
	 * Returns the texts that conditions compare with.
	 * @return the texts
	 */
	public Collection<String> texts() {
		return this.literals.texts();
	}

	public WitnessCells cells() {
		return this.cells;
	}

	/**
	 * Returns what the conditions yield for the cells.
	 * @return the results
	 */
	public ConditionResults results() {
		return this.results;
	}

	public List<Column> columns() {
		return this.columns;
	}

	/**
	 * Returns the columns of types of which there are no values but NULL.
	 * @return the columns of types of which there are no values but NULL
	 */
	public Stream<String> unknown() {
		WitnessValues values = new WitnessValues(WitnessUsers.of(this.proof.settings()).get(0), this.literals.keys());
		return this.columns.stream()
			.filter((column) -> !values.isKnown(column))
			.map((column) -> "column %s of the type %s, of which no values are known".formatted(column.name(),
					column.type()));
	}

	/**
	 * Returns whether it makes no difference if a setting is empty or was never set.
	 * @return whether it makes no difference if a setting is empty or was never set
	 */
	public boolean isSound() {
		return this.sound;
	}

	/**
	 * Returns whether a setting may make a difference.
	 * @param setting the setting
	 * @return whether a setting may make a difference
	 */
	public boolean reads(String setting) {
		return new PolicyExpression(this.text).settings().stream().anyMatch(setting::equalsIgnoreCase)
				|| this.proof.rules().functions().areCalled(this.functions);
	}

	/**
	 * Returns the conditions that can be evaluated.
	 * @return the conditions that can be evaluated
	 */
	public Set<String> conditions() {
		Set<String> conditions = new LinkedHashSet<>();
		this.policies.stream()
			.filter((policy) -> !this.reasons.containsKey(policy))
			.flatMap((policy) -> Stream.of(policy.using(), policy.check()))
			.filter(Objects::nonNull)
			.forEach(conditions::add);
		return conditions;
	}

	/**
	 * Returns the questions about conditions, by the world of other tables and by what
	 * functions return that decide.
	 * @param users the users
	 * @param conditions the conditions
	 * @return the questions about conditions, by the world of other tables and by what
	 * functions return that decide
	 */
	public List<WitnessQuestion> questions(WitnessUsers users, Collection<String> conditions) {
		if (conditions.isEmpty()) {
			return List.of();
		}
		WitnessValues values = new WitnessValues(users, this.literals.keys());
		List<String> tuples = this.cells.rows()
			.stream()
			.map((row) -> values.row(this.columns, row.person(), row.world()))
			.toList();
		List<WitnessQuestion> questions = new ArrayList<>();
		for (WitnessWorld world : this.cells.others()) {
			Collection<Person> persons = MISSING.equals(world.special()) ? List.of(Person.B)
					: List.of(Person.A, Person.B, Person.C);
			for (boolean decision : decisions()) {
				questions.add(question(conditions, tuples, decision,
						new WitnessRelations(this.proof, values, world, this.literals, decision, persons)));
			}
		}
		return questions;
	}

	private List<Boolean> decisions() {
		return this.proof.rules().functions().deciding(this.functions).findAny().isPresent() ? List.of(true, false)
				: List.of(true);
	}

	private WitnessQuestion question(Collection<String> conditions, List<String> tuples, boolean decision,
			WitnessRelations relations) {
		List<Policy> evaluated = this.policies.stream().filter((policy) -> !this.reasons.containsKey(policy)).toList();
		List<Long> functions = evaluated.stream().flatMap((policy) -> policy.functions().stream()).distinct().toList();
		List<Long> reads = evaluated.stream().flatMap((policy) -> policy.reads().stream()).distinct().toList();
		List<String> resolved = conditions.stream()
			.map((condition) -> this.proof.rules().functions().resolve(condition, functions, decision))
			.map((condition) -> relations.replace(condition, reads, null))
			.toList();
		String name = this.table.quotedName();
		if (isWhole()) {
			List<String> typed = tuples.stream().map((row) -> "ROW" + row + "::" + this.table.quoted()).toList();
			return new WitnessQuestion(relations.with(), resolved, typed, name, true);
		}
		boolean named = resolved.stream().anyMatch((condition) -> condition.contains(name + "."));
		String alias = (named ? name : ALIAS) + "(" + WitnessRelations.names(this.columns) + ")";
		return new WitnessQuestion(relations.with(), resolved, tuples, alias, false);
	}

	/**
	 * Records whether there is a user at all who sees something.
	 * @param visible whether a user sees something
	 */
	public void setVisibleAtAll(boolean visible) {
		this.visibleAtAll |= visible;
	}

	public boolean isVisibleAtAll() {
		return this.visibleAtAll;
	}

}
