package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
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
import io.appdbs.rls.verify.witness.WitnessAnswer.Raised;
import org.jspecify.annotations.Nullable;

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

	private final List<Row> rows = new ArrayList<>();

	private final List<WitnessWorld> others;

	private final Map<WitnessContext, Map<String, Truth[]>> results = new HashMap<>();

	private final Map<WitnessContext, Map<String, Raised>> errors = new HashMap<>();

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
		for (WitnessWorld world : new WitnessWorlds(this.columns, this.literals, candidates).all(proof.role(),
				this.sound)) {
			persons(world).forEach((person) -> this.rows.add(new Row(person, world)));
		}
		this.others = new ArrayList<>(new WitnessWorlds(columnsOfOthers, this.literals, candidates).ofOthers());
		if (!columnsOfOthers.isEmpty() && this.literals.isNegative()) {
			this.others.add(new WitnessWorld(Map.of(), this.others.get(0).flags(), MISSING));
		}
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

	/**
	 * Return whether a table has to be known with all columns, as a condition takes whole
	 * rows.
	 * @param table the table
	 * @param text the text
	 * @return whether a table has to be known with all columns, as a condition takes
	 * whole rows
	 */
	public static boolean isWhole(Relation table, String text) {
		return text.contains(name(table) + ".*");
	}

	private static String name(Relation table) {
		return table.quoted().substring(table.quoted().lastIndexOf('.') + 1);
	}

	private boolean isWhole() {
		return isWhole(this.table, this.text);
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
	 * Return why conditions of a policy are not evaluated, nothing if they are.
	 * @param policy the policy
	 * @return why conditions of a policy are not evaluated, nothing if they are
	 */
	public List<String> reasons(Policy policy) {
		return this.reasons.getOrDefault(policy, List.of());
	}

	public Involved involved() {
		return this.involved;
	}

	public WitnessLiterals literals() {
		return this.literals;
	}

	public List<Column> columns() {
		return this.columns;
	}

	/**
	 * Return the columns of types of which there are no values but NULL.
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
	 * Return whether it makes no difference if a setting is empty or was never set.
	 * @return whether it makes no difference if a setting is empty or was never set
	 */
	public boolean isSound() {
		return this.sound;
	}

	/**
	 * Return whether a setting may make a difference.
	 * @param setting the setting
	 * @return whether a setting may make a difference
	 */
	public boolean reads(String setting) {
		return new PolicyExpression(this.text).settings().stream().anyMatch(setting::equalsIgnoreCase)
				|| this.proof.rules().functions().areCalled(this.functions);
	}

	/**
	 * Return the conditions that can be evaluated.
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
	 * Return the questions about conditions, by the world of other tables and by what
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
		List<String> tuples = this.rows.stream()
			.map((row) -> values.row(this.columns, row.person(), row.world()))
			.toList();
		List<WitnessQuestion> questions = new ArrayList<>();
		for (WitnessWorld world : this.others) {
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
		String name = name(this.table);
		if (isWhole()) {
			List<String> typed = tuples.stream().map((row) -> "ROW" + row + "::" + this.table.quoted()).toList();
			return new WitnessQuestion(relations.with(), resolved, typed, name, true);
		}
		boolean named = resolved.stream().anyMatch((condition) -> condition.contains(name + "."));
		String alias = (named ? name : ALIAS) + "(" + WitnessRelations.names(this.columns) + ")";
		return new WitnessQuestion(relations.with(), resolved, tuples, alias, false);
	}

	/**
	 * Record the answers to the questions about conditions.
	 * @param context the context
	 * @param conditions the conditions
	 * @param answers the answers
	 */
	public void record(WitnessContext context, Collection<String> conditions, List<WitnessAnswer> answers) {
		int decisions = decisions().size();
		int index = 0;
		for (String condition : conditions) {
			Truth[] cells = new Truth[size()];
			for (int cell = 0; cell < cells.length; cell++) {
				int world = cell / this.rows.size() * decisions;
				Truth truth = answers.get(world).results(index)[cell % this.rows.size()];
				cells[cell] = (decisions == 1) ? truth
						: truth.or(answers.get(world + 1).results(index)[cell % this.rows.size()]);
			}
			this.results.computeIfAbsent(context, (key) -> new HashMap<>()).put(condition, cells);
			for (int i = 0; i < answers.size(); i++) {
				Raised raised = answers.get(i).raised(index);
				if (raised != null && isOrdinary(answers.get(i).results(index), this.others.get(i / decisions))) {
					this.errors.computeIfAbsent(context, (key) -> new HashMap<>()).putIfAbsent(condition, raised);
				}
			}
			index++;
		}
	}

	/**
	 * Return whether a condition also raises an error for rows without values that are
	 * not compared with their column, and may not fit.
	 */
	private boolean isOrdinary(Truth[] results, WitnessWorld others) {
		return !others.candidate() && IntStream.range(0, results.length)
			.anyMatch((i) -> results[i] == Truth.RAISED && !this.rows.get(i).world().candidate());
	}

	/**
	 * Record for conditions what is known of another context.
	 * @param from the from
	 * @param to the to
	 * @param conditions the conditions
	 */
	public void copy(WitnessContext from, WitnessContext to, Collection<String> conditions) {
		Map<String, Truth[]> known = this.results.getOrDefault(from, Map.of());
		Map<String, Truth[]> results = this.results.computeIfAbsent(to, (key) -> new HashMap<>());
		conditions.forEach((condition) -> results.putIfAbsent(condition, Objects.requireNonNull(known.get(condition))));
	}

	/**
	 * Record whether there is a user at all who sees something.
	 * @param visible the visible
	 */
	public void setVisibleAtAll(boolean visible) {
		this.visibleAtAll |= visible;
	}

	public boolean isVisibleAtAll() {
		return this.visibleAtAll;
	}

	/**
	 * Return what a condition of a policy yields.
	 * @param context the context
	 * @param condition the condition
	 * @param cell the cell
	 * @return what a condition of a policy yields
	 */
	public Truth truth(WitnessContext context, String condition, int cell) {
		Truth[] cells = this.results.getOrDefault(context, Map.of()).get(condition);
		return (cells != null) ? cells[cell] : Truth.UNKNOWN;
	}

	/**
	 * Return the error that a condition raises for some row, or {@code null}.
	 * @param context the context
	 * @param condition the condition
	 * @return the error that a condition raises for some row, or {@code null}
	 */
	public @Nullable Raised raised(WitnessContext context, @Nullable String condition) {
		return this.errors.getOrDefault(context, Map.of()).get(String.valueOf(condition));
	}

	public boolean isKnown(WitnessContext context, String condition) {
		return this.results.getOrDefault(context, Map.of()).containsKey(condition);
	}

	/**
	 * Return the number of cells.
	 * @return the number of cells
	 */
	public int size() {
		return this.rows.size() * this.others.size();
	}

	public Person person(int cell) {
		return this.rows.get(cell % this.rows.size()).person();
	}

	public WitnessWorld world(int cell) {
		return this.rows.get(cell % this.rows.size()).world();
	}

	private WitnessWorld othersOf(int cell) {
		return this.others.get(cell / this.rows.size());
	}

	/**
	 * Return whether there is a value that is not compared with its column.
	 * @param cell the cell
	 * @return whether there is a value that is not compared with its column
	 */
	public boolean isCandidate(int cell) {
		return world(cell).candidate() || othersOf(cell).candidate();
	}

	/**
	 * Return whether such values are in the row and in other tables, by which rows of
	 * different persons belong together.
	 * @param cell the cell
	 * @return whether such values are in the row and in other tables, by which rows of
	 * different persons belong together
	 */
	public boolean isJoined(int cell) {
		return world(cell).candidate() && othersOf(cell).candidate();
	}

	/**
	 * Return what is special about other tables, or {@code null}.
	 * @param cell the cell
	 * @return what is special about other tables, or {@code null}
	 */
	public @Nullable String specialOfOthers(int cell) {
		return othersOf(cell).special();
	}

	/**
	 * Return the words for the values of flags, by column.
	 * @param cell the cell
	 * @return the words for the values of flags, by column
	 */
	public Map<Column, String> flags(int cell) {
		Map<Column, String> flags = new LinkedHashMap<>(world(cell).flags());
		flags.putAll(othersOf(cell).flags());
		return flags;
	}

	/**
	 * A row.
	 *
	 * @param person to whom it belongs
	 * @param world what is special about it
	 */
	private record Row(Person person, WitnessWorld world) {

	}

}
