package io.appdbs.rls.verify.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Owner;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import org.jspecify.annotations.Nullable;

/**
 * Which policies bind whom, combined as PostgreSQL combines them. Whom: the owner of a
 * view that statements read through, or {@code null} for the role of statements.
 */
public final class PolicyRules {

	/** Functions of the server that read tables whose names are values. */
	private static final Pattern READING = Pattern.compile(
			"\\b((?:query|cursor|table|schema|database)_to_xml(?:schema|_and_xmlschema)?|ts_stat|ts_rewrite|lo_get|loread|currval|lastval|nextval|pg_read_(?:binary_)?file)\\(");

	private final Catalog catalog;

	private final ProofCatalog proof;

	private final PolicyFunctions functions;

	private final Map<Long, List<Policy>> policies;

	/**
	 * Creates new {@link PolicyRules}.
	 * @param allowed what is public by intent: permissive policies that are left out
	 * @param catalog the catalog
	 * @param proof the proof
	 */
	public PolicyRules(Catalog catalog, ProofCatalog proof, AllowedObjects allowed) {
		this.catalog = catalog;
		this.proof = proof;
		this.functions = new PolicyFunctions(proof.functions());
		this.policies = catalog.policies()
			.stream()
			.filter((policy) -> !policy.permissive() || !allowed.isPolicyAllowed(policy))
			.map(this::withOwnTable)
			.collect(Collectors.groupingBy(Policy::relation));
	}

	/**
	 * The catalog does not show whether a policy reads its own table anew, as it always
	 * depends on it.
	 */
	private Policy withOwnTable(Policy policy) {
		Relation table = this.catalog.relations().get(policy.relation());
		String text = policy.using() + " " + policy.check();
		if (table == null || !text.contains(table.quoted())
				|| new PrintedSql(text).replaceRelations((name) -> name.equals(table.quoted()) ? "" : null)
					.equals(text)) {
			return policy;
		}
		List<Long> reads = new ArrayList<>(policy.reads());
		reads.add(policy.relation());
		return new Policy(policy.id(), policy.relation(), policy.name(), policy.command(), policy.permissive(),
				policy.applied(), policy.using(), policy.check(), policy.functions(), reads);
	}

	public PolicyFunctions functions() {
		return this.functions;
	}

	/**
	 * Returns the policies of a table that apply.
	 * @param table the table
	 * @param owner the owner
	 * @return the policies of a table that apply
	 */
	public List<Policy> policies(Relation table, @Nullable Long owner) {
		Set<Long> ids = (owner != null) ? this.proof.ownerPolicies().getOrDefault(owner, Set.of()) : Set.of();
		return this.policies.getOrDefault(table.id(), List.of())
			.stream()
			.filter((policy) -> (owner != null) ? ids.contains(policy.id()) : policy.applied())
			.toList();
	}

	public boolean binds(Relation table, @Nullable Long owner) {
		if (owner == null) {
			return table.secured() && (!table.owned() || table.forced());
		}
		Owner role = this.catalog.owners().get(owner);
		return table.secured() && (role == null || !role.isBypassing(table));
	}

	/**
	 * Returns the policies that decide on reading a table, none if they do not bind.
	 * @param table the table
	 * @param owner the owner
	 * @return the policies that decide on reading a table, none if they do not bind
	 */
	public List<Policy> reading(Relation table, @Nullable Long owner) {
		return binds(table, owner) ? policies(table, owner).stream()
			.filter((policy) -> Access.READ.isIn(policy) && policy.using() != null)
			.toList() : List.of();
	}

	/**
	 * Returns the condition under which rows of a table can be read.
	 * @param decision what functions return that decide
	 * @param table the table
	 * @param owner the owner
	 * @return the condition under which rows of a table can be read
	 */
	public String filter(Relation table, @Nullable Long owner, boolean decision) {
		if (!binds(table, owner)) {
			return "true";
		}
		List<String> any = new ArrayList<>(List.of("false"));
		List<String> all = new ArrayList<>();
		for (Policy policy : reading(table, owner)) {
			String condition = this.functions.resolve(String.valueOf(policy.using()), policy.functions(), decision);
			(policy.permissive() ? any : all).add("(" + condition + ")");
		}
		all.add("(" + String.join(" OR ", any) + ")");
		return String.join(" AND ", all);
	}

	/**
	 * Returns what takes part in the decision of policies, through the tables and views
	 * that they read.
	 * @param policies the policies
	 * @param owner the owner
	 * @return what takes part in the decision of policies, through the tables and views
	 * that they read
	 */
	public Involved involved(List<Policy> policies, @Nullable Long owner) {
		Involved involved = new Involved(new LinkedHashSet<>(policies), new LinkedHashSet<>());
		policies.stream()
			.flatMap((policy) -> policy.reads().stream())
			.forEach((relation) -> add(relation, owner, involved));
		return involved;
	}

	/**
	 * Returns what takes part in what a relation shows.
	 * @param relation the relation
	 * @param owner the owner
	 * @return what takes part in what a relation shows
	 */
	public Involved involved(Relation relation, @Nullable Long owner) {
		Involved involved = new Involved(new LinkedHashSet<>(), new LinkedHashSet<>());
		add(relation.id(), owner, involved);
		return involved;
	}

	private void add(long id, @Nullable Long owner, Involved involved) {
		Relation relation = this.catalog.relations().get(id);
		if (relation == null) {
			return;
		}
		boolean added = involved.relations().add(relation);
		if (relation.isView()) {
			Long reader = relation.invoker() ? owner : Long.valueOf(relation.owner());
			if (added) {
				sources(id).forEach((source) -> add(source, reader, involved));
			}
			return;
		}
		for (Policy policy : reading(relation, owner)) {
			if (involved.policies().add(policy)) {
				policy.reads().forEach((read) -> add(read, owner, involved));
			}
		}
	}

	public List<Long> sources(long view) {
		return this.catalog.sources().getOrDefault(view, List.of());
	}

	/**
	 * Returns why something cannot be evaluated.
	 * @param involved the involved
	 * @return why something cannot be evaluated
	 */
	public List<String> reasons(Involved involved) {
		Stream<String> system = involved.policies()
			.stream()
			.filter((policy) -> this.proof.readsSystemColumn(policy.id()))
			.map((policy) -> "a system column, which witness rows do not have");
		Stream<String> unknown = involved.policies()
			.stream()
			.filter((policy) -> policy.reads().stream().anyMatch((id) -> !this.catalog.relations().containsKey(id)))
			.map((policy) -> "a composite type or a table of an extension");
		Stream<String> reading = READING.matcher(text(involved))
			.results()
			.map((match) -> match.group(1) + "(…), which reads tables");
		return Stream.of(this.functions.reasons(functions(involved)), system, unknown, reading)
			.flatMap((reasons) -> reasons)
			.distinct()
			.toList();
	}

	/**
	 * Returns the identifiers of the functions that are called.
	 * @param involved the involved
	 * @return the identifiers of the functions that are called
	 */
	public List<Long> functions(Involved involved) {
		return Stream
			.concat(involved.policies().stream().map(Policy::functions),
					involved.relations()
						.stream()
						.map((view) -> this.proof.viewFunctions().getOrDefault(view.id(), List.of())))
			.flatMap(List::stream)
			.distinct()
			.toList();
	}

	/**
	 * Returns all conditions and queries.
	 * @param involved the involved
	 * @return all conditions and queries
	 */
	public String text(Involved involved) {
		return Stream
			.concat(involved.policies().stream().flatMap((policy) -> Stream.of(policy.using(), policy.check())),
					involved.relations().stream().map((view) -> this.proof.views().get(view.id())))
			.filter(Objects::nonNull)
			.collect(Collectors.joining("\n"));
	}

	/**
	 * What takes part in a decision.
	 *
	 * @param policies the policies
	 * @param relations the tables and views that are read
	 */
	public record Involved(Set<Policy> policies, Set<Relation> relations) {

	}

}
