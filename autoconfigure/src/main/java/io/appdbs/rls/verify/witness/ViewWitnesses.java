package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.PolicyExpression;
import io.appdbs.rls.verify.catalog.PolicyRules;
import io.appdbs.rls.verify.catalog.PolicyRules.Involved;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import org.jspecify.annotations.Nullable;

/**
 * Witness rows in the tables that a view reads. The view lets through what it should not
 * if its result depends on rows that have nothing to do with the user, in tables whose
 * policies bind the owner of the view.
 */
public final class ViewWitnesses {

	private static final Pattern CHANGING = Pattern
		.compile("\\b(?:random|clock_timestamp|gen_random_uuid|statement_timestamp|timeofday)\\(");

	private final Proof proof;

	private final Relation view;

	private final Involved involved;

	private final String text;

	private final WitnessLiterals literals;

	private final List<WitnessWorld> worlds;

	private final List<Long> functions;

	public ViewWitnesses(Proof proof, Relation view) {
		this.proof = proof;
		this.view = view;
		this.involved = proof.rules().involved(view, null);
		this.text = proof.rules().text(this.involved);
		this.functions = proof.rules().functions(this.involved);
		this.literals = new WitnessLiterals(this.text + "\n" + proof.rules().functions().bodies(this.functions));
		List<Column> columns = this.involved.relations()
			.stream()
			.flatMap((relation) -> proof.details().columns(relation.id()).stream())
			.toList();
		this.worlds = new WitnessWorlds(columns, this.literals, new WitnessCandidates(this.literals, columns))
			.ofOthers();
	}

	/**
	 * Returns whether a view reads a table whose policies bind the owner of a view.
	 * @param owner the owner whose policies count, {@code null} for those of the role of
	 * statements
	 * @param rules the rules
	 * @param catalog the catalog
	 * @param view the view
	 * @return whether a view reads a table whose policies bind the owner of a view
	 */
	public static boolean isRelevant(PolicyRules rules, Catalog catalog, Relation view, @Nullable Long owner) {
		Long reader = view.invoker() ? owner : Long.valueOf(view.owner());
		for (long id : rules.sources(view.id())) {
			Relation source = catalog.relations().get(id);
			if (source != null && (source.isView() ? isRelevant(rules, catalog, source, reader)
					: reader != null && rules.binds(source, reader))) {
				return true;
			}
		}
		return false;
	}

	public Relation view() {
		return this.view;
	}

	/**
	 * Returns why the view cannot be evaluated, nothing if it can.
	 * @return why the view cannot be evaluated, nothing if it can
	 */
	public List<String> reasons() {
		List<String> reasons = new ArrayList<>(this.proof.rules().reasons(this.involved));
		this.proof.rules().functions().deciding(this.functions).forEach(reasons::add);
		if (CHANGING.matcher(this.text).find()) {
			reasons.add("a function that returns something else each time");
		}
		return reasons;
	}

	public boolean isSound() {
		return new PolicyExpression(this.text).isSound() && !this.proof.rules().functions().areCalled(this.functions);
	}

	/**
	 * Returns the question whether the result depends on rows of others, a condition for
	 * each world.
	 * @param user whether there is a user, whose rows are in all tables
	 * @param users the users
	 * @return the question whether the result depends on rows of others, a condition for
	 * each world
	 */
	public WitnessQuestion question(WitnessUsers users, boolean user) {
		List<String> conditions = new ArrayList<>();
		List<Person> own = user ? List.of(Person.B) : List.of();
		List<Person> all = new ArrayList<>(own);
		all.addAll(List.of(Person.A, Person.C, Person.NOBODY));
		if (!user) {
			all.add(Person.B);
		}
		for (WitnessWorld world : this.worlds) {
			conditions.add("%s IS DISTINCT FROM %s".formatted(result(users, world, own), result(users, world, all)));
		}
		return new WitnessQuestion("", conditions, List.of("(0)"), "t(appdbs)", false);
	}

	private String result(WitnessUsers users, WitnessWorld world, List<Person> persons) {
		WitnessRelations relations = new WitnessRelations(this.proof, new WitnessValues(users, this.literals.keys()),
				world, this.literals, true, persons);
		String query = relations.replace("TABLE " + this.view.quoted(), List.of(this.view.id()), null)
			.replaceFirst(" AS .*$", "");
		return "(SELECT array_agg(appdbs_row::text ORDER BY appdbs_row::text) FROM (%s%s) appdbs_row)"
			.formatted(relations.with(), query);
	}

	/**
	 * Returns the flags of the worlds in which the result depends on others.
	 * @param answer the answer to the question
	 * @return the flags, with nothing where there is no such world
	 */
	public WitnessFlags flags(WitnessAnswer answer) {
		return WitnessFlags.of(this.worlds.size(), (i) -> answer.results(i)[0] == Truth.TRUE,
				(i) -> this.worlds.get(i).candidate(), (i) -> this.worlds.get(i).flags());
	}

	/**
	 * Returns the first error or {@code null}.
	 * @param answer the answer
	 * @return the first error or {@code null}
	 */
	public WitnessAnswer.@Nullable Raised raised(WitnessAnswer answer) {
		for (int i = 0; i < this.worlds.size(); i++) {
			WitnessAnswer.Raised raised = answer.raised(i);
			if (raised != null) {
				return raised;
			}
		}
		return null;
	}

}
