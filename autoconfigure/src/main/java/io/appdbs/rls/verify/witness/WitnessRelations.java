package io.appdbs.rls.verify.witness;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.PolicyRules;
import io.appdbs.rls.verify.catalog.PrintedSql;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.rls.verify.catalog.ProofCatalog;
import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import org.jspecify.annotations.Nullable;

/**
 * Common table expressions with witness rows that stand for the tables and views that
 * policies and views read. Each shows what the policies of the table let through.
 */
final class WitnessRelations {

	private final Catalog catalog;

	private final ProofCatalog proof;

	private final PolicyRules rules;

	private final WitnessValues values;

	private final WitnessWorld world;

	private final WitnessLiterals literals;

	/** What functions return that decide. */
	private final boolean decision;

	/** Whose rows are in tables that policies bind. */
	private final Collection<Person> persons;

	private final Map<String, String> expressions = new LinkedHashMap<>();

	WitnessRelations(Proof proof, WitnessValues values, WitnessWorld world, WitnessLiterals literals, boolean decision,
			Collection<Person> persons) {
		this.catalog = proof.catalog();
		this.proof = proof.details();
		this.rules = proof.rules();
		this.values = values;
		this.world = world;
		this.literals = literals;
		this.decision = decision;
		this.persons = persons;
	}

	/**
	 * Returns whether a policy of a table reads that table again, or tables that read
	 * each other.
	 */
	static boolean isRecursive(Proof proof, Relation table, Policy policy) {
		if (policy.reads().isEmpty()) {
			return false;
		}
		WitnessLiterals none = new WitnessLiterals("");
		WitnessRelations relations = new WitnessRelations(proof,
				new WitnessValues(WitnessUsers.of(proof.settings()).get(0), none.keys()),
				new WitnessWorld(Map.of(), Map.of(), null), none, true, List.of());
		try {
			relations.replace("", policy.reads(), null, Set.of(name(table, null)));
			return false;
		}
		catch (RecursionException ex) {
			return true;
		}
	}

	private static String name(Relation relation, @Nullable Long owner) {
		return "w" + relation.id() + ((owner != null) ? "_" + owner : "");
	}

	/**
	 * Returns SQL that reads witness rows instead of tables.
	 * @param text the SQL
	 * @param relations the relations that it reads
	 * @param owner whose policies count, {@code null} for those of the role of statements
	 */
	String replace(String text, Collection<Long> relations, @Nullable Long owner) {
		return replace(text, relations, owner, Set.of());
	}

	/**
	 * Returns what goes in front of the SQL.
	 */
	String with() {
		return this.expressions.isEmpty() ? ""
				: this.expressions.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + " AS (" + entry.getValue() + ")")
					.collect(Collectors.joining(", ", "WITH ", " "));
	}

	private String replace(String text, Collection<Long> relations, @Nullable Long owner, Set<String> path) {
		Map<String, String> names = new LinkedHashMap<>();
		for (long id : relations) {
			Relation relation = this.catalog.relations().get(id);
			if (relation != null) {
				names.put(relation.quoted(), add(relation, owner, path));
			}
		}
		return names.isEmpty() ? text : new PrintedSql(text).replaceRelations(names::get);
	}

	private String add(Relation relation, @Nullable Long owner, Set<String> path) {
		String name = name(relation, owner);
		if (path.contains(name)) {
			throw new RecursionException();
		}
		if (!this.expressions.containsKey(name)) {
			Set<String> longer = new LinkedHashSet<>(path);
			longer.add(name);
			String expression = relation.isView() ? view(relation, owner, longer) : table(relation, owner, longer);
			this.expressions.put(name, expression);
		}
		return name;
	}

	private String view(Relation view, @Nullable Long owner, Set<String> path) {
		Long reader = view.invoker() ? owner : Long.valueOf(view.owner());
		String query = this.proof.views().getOrDefault(view.id(), "");
		String resolved = this.rules.functions()
			.resolve(query, this.proof.viewFunctions().getOrDefault(view.id(), List.of()), this.decision);
		return replace(resolved, this.rules.sources(view.id()), reader, path);
	}

	private String table(Relation table, @Nullable Long owner, Set<String> path) {
		List<Column> columns = this.proof.columns(table.id());
		List<Long> reads = this.rules.reading(table, owner)
			.stream()
			.map(Policy::reads)
			.flatMap(List::stream)
			.distinct()
			.toList();
		String filter = replace(this.rules.filter(table, owner, this.decision), reads, owner, path);
		boolean bound = this.rules.binds(table, owner);
		// a special world is one in which rows are missing, with and without policies
		Collection<Person> persons = (bound || this.world.special() != null) ? this.persons
				: List.of(Person.A, Person.B, Person.C);
		String rows = rows(columns, persons);
		String none = rows.isEmpty() ? "false AND " : "";
		return "SELECT * FROM (VALUES %s) AS %s(%s) WHERE %s%s".formatted(
				rows.isEmpty() ? rows(columns, List.of(Person.C)) : rows, quote(table.name()), names(columns), none,
				filter);
	}

	private String rows(List<Column> columns, Collection<Person> persons) {
		List<WitnessWorld> dates = new WitnessWorlds(columns, this.literals, null).datesOfOthers();
		return persons.stream().flatMap((person) -> dates.stream().map((date) -> {
			Map<Column, String> fixed = new LinkedHashMap<>(date.values());
			fixed.putAll(this.world.values());
			return this.values.row(columns, person, new WitnessWorld(fixed, Map.of(), null));
		})).collect(Collectors.joining(","));
	}

	static String names(List<Column> columns) {
		return columns.isEmpty() ? "appdbs" : columns.stream().map(Column::name).collect(Collectors.joining(","));
	}

	static String quote(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	/**
	 * A table reads itself, which the server rejects.
	 */
	@SuppressWarnings("serial")
	private static final class RecursionException extends RuntimeException {

	}

}
