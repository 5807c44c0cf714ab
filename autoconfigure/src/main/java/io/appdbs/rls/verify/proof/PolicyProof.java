package io.appdbs.rls.verify.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.AllowedObjects;
import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Catalog.Routine;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.PolicyRules;
import io.appdbs.rls.verify.catalog.Proof;
import io.appdbs.rls.verify.catalog.ProofCatalog;
import io.appdbs.rls.verify.catalog.ProofCatalogReader;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.witness.TableWitnesses;
import io.appdbs.rls.verify.witness.ViewWitnesses;
import io.appdbs.rls.verify.witness.WitnessAnswer.Raised;
import io.appdbs.rls.verify.witness.WitnessContext;
import io.appdbs.rls.verify.witness.WitnessContexts;
import io.appdbs.rls.verify.witness.WitnessQuestion;
import io.appdbs.rls.verify.witness.WitnessServer;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Proves the policies of tables, and views whose owner they bind, on witness rows: rows
 * that exist only in the statements that ask about them. The result does not depend on
 * what is in the tables.
 */
public final class PolicyProof {

	/** What planning a statement shows, apart from errors of conditions. */
	private static final Set<String> PLANNED = Set.of("42P17", "42501");

	private final DatabaseDefinition definition;

	private final RlsSettings settings;

	private final List<String> names;

	private final Proof proof;

	private final WitnessServer server;

	private final List<WitnessUsers> users;

	private final List<TableWitnesses> tables;

	private final ViewProof views;

	private final Map<TableWitnesses, WitnessUsers> chosen = new HashMap<>();

	private final Map<TableWitnesses, List<WitnessContext>> partial = new HashMap<>();

	private PolicyProof(DatabaseDefinition definition, Proof proof, WitnessServer server, List<Relation> tables,
			List<Relation> views) {
		this.definition = definition;
		this.settings = definition.settings().rls();
		this.names = this.settings.settings().stream().map(Setting::name).toList();
		this.proof = proof;
		this.server = server;
		this.users = WitnessUsers.of(this.settings);
		this.tables = tables.stream()
			.map((table) -> new TableWitnesses(proof, table))
			.filter((table) -> !table.policies().isEmpty())
			.toList();
		this.views = new ViewProof(views.stream()
			.filter((view) -> ViewWitnesses.isRelevant(proof.rules(), proof.catalog(), view, null))
			.map((view) -> new ViewWitnesses(proof, view))
			.toList(), server, this.users, this.names);
	}

	/**
	 * Proves the policies of tables and views.
	 * @param connection a connection of the login on which no setting was ever set
	 * @param tables the tables whose policies bind the role
	 * @param views the views that the role may read
	 * @param allowed what is public by intent
	 * @param definition the definition
	 * @param catalog the catalog
	 * @param role the role
	 * @return what is wrong
	 */
	public static List<Finding> prove(Connection connection, DatabaseDefinition definition, Catalog catalog, Role role,
			List<Relation> tables, List<Relation> views, AllowedObjects allowed) throws SQLException {
		String name = definition.settings().rls().role();
		ProofCatalog details = ProofCatalogReader.read(connection, name, catalog, views);
		Proof proof = new Proof(catalog, details, new PolicyRules(catalog, details, allowed),
				definition.settings().rls(), role.name().replaceAll("^\"|\"$", "").replace("\"\"", "\""),
				catalog.routines()
					.stream()
					.filter(allowed::isRoutineAllowed)
					.map(Routine::id)
					.collect(Collectors.toSet()));
		return new PolicyProof(definition, proof, new WitnessServer(connection, name), tables, views).prove();
	}

	private List<Finding> prove() throws SQLException {
		List<TableWitnesses> unsound = this.tables.stream().filter((table) -> !table.isSound()).toList();
		ask(unsound, this.users.get(0), List.of(WitnessContext.unset()), TableWitnesses::conditions);
		this.views.askUnset();
		ask(this.tables, this.users.get(0),
				List.of(WitnessContext.empty(this.names), WitnessContext.of(this.users.get(0))),
				TableWitnesses::conditions);
		askWithUser();
		askWithoutSettings();
		askForOtherRoles();
		Map<String, Raised> planned = plan();
		Map<TableWitnesses, TableFindings> findings = new LinkedHashMap<>();
		this.tables.forEach((table) -> findings.put(table,
				new TableFindings(this.proof, this.definition, table, contexts(table), users(table))));
		askForFixes(findings);
		List<Finding> all = new ArrayList<>();
		List<Relation> open = this.tables.stream()
			.filter((table) -> Objects.requireNonNull(findings.get(table)).isOpen())
			.map(TableWitnesses::table)
			.toList();
		findings.forEach((table, found) -> all.addAll(found.build(error(table, planned), open)));
		all.addAll(this.views.prove());
		return all;
	}

	private WitnessUsers users(TableWitnesses table) {
		return this.chosen.getOrDefault(table, this.users.get(0));
	}

	private WitnessContexts contexts(TableWitnesses table) {
		WitnessContext empty = WitnessContext.empty(this.names);
		return new WitnessContexts(table.isSound() ? List.of(empty) : List.of(WitnessContext.unset(), empty),
				WitnessContext.of(users(table)), this.partial.getOrDefault(table, List.of()));
	}

	/**
	 * Tries what else identifies users in turn, until B sees a row of their own.
	 */
	private void askWithUser() throws SQLException {
		List<TableWitnesses> pending = new ArrayList<>(this.tables);
		for (WitnessUsers user : this.users) {
			WitnessContext context = WitnessContext.of(user);
			if (user != this.users.get(0)) {
				ask(pending, user, List.of(context), TableWitnesses::conditions);
			}
			for (TableWitnesses table : List.copyOf(pending)) {
				if (new PolicyCombination(table).isOwnVisible(context)) {
					this.chosen.put(table, user);
					pending.remove(table);
				}
			}
		}
	}

	private void askWithoutSettings() throws SQLException {
		for (Setting setting : this.settings.settings()) {
			for (WitnessUsers user : this.users) {
				WitnessContext context = WitnessContext.of(user).without(setting.name());
				List<TableWitnesses> tables = this.tables.stream()
					.filter((table) -> !setting.required() && this.names.size() > 1 && users(table) == user
							&& table.reads(setting.name()))
					.toList();
				ask(tables, user, List.of(context), TableWitnesses::conditions);
				tables.forEach((table) -> this.partial.computeIfAbsent(table, (key) -> new ArrayList<>()).add(context));
			}
		}
	}

	/**
	 * Of tables that show B nothing, find out whether they show something to a user with
	 * a role that policies name.
	 */
	private void askForOtherRoles() throws SQLException {
		for (TableWitnesses table : this.tables) {
			if (this.chosen.containsKey(table)) {
				continue;
			}
			for (String literal : table.texts()) {
				for (Setting setting : this.settings.settings()) {
					WitnessContext context = WitnessContext.of(users(table)).with(setting.name(), literal);
					ask(List.of(table), users(table), List.of(context), TableWitnesses::conditions);
					table.setVisibleAtAll(new PolicyCombination(table).isOwnVisible(context));
				}
			}
		}
	}

	private void askForFixes(Map<TableWitnesses, TableFindings> findings) throws SQLException {
		Map<TableWitnesses, Set<String>> candidates = new HashMap<>();
		findings.forEach((table, found) -> candidates.put(table, found.candidates()));
		List<TableWitnesses> tables = this.tables.stream()
			.filter((table) -> !candidates.getOrDefault(table, Set.of()).isEmpty())
			.toList();
		Function<TableWitnesses, Collection<String>> conditions = (table) -> candidates.getOrDefault(table, Set.of());
		ask(tables, this.users.get(0), List.of(WitnessContext.empty(this.names)), conditions);
		tables.stream()
			.filter((table) -> !table.isSound())
			.forEach((table) -> table.results()
				.copy(WitnessContext.empty(this.names), WitnessContext.unset(), conditions.apply(table)));
		for (WitnessUsers user : this.users) {
			List<TableWitnesses> same = tables.stream().filter((table) -> users(table) == user).toList();
			Set<WitnessContext> contexts = new LinkedHashSet<>();
			same.forEach((table) -> contexts.addAll(contexts(table).withUser()));
			for (WitnessContext context : contexts) {
				ask(same.stream().filter((table) -> contexts(table).withUser().contains(context)).toList(), user,
						List.of(context), conditions);
			}
		}
	}

	private void ask(List<TableWitnesses> tables, WitnessUsers user, List<WitnessContext> contexts,
			Function<TableWitnesses, Collection<String>> conditions) throws SQLException {
		Map<TableWitnesses, List<WitnessQuestion>> questions = new LinkedHashMap<>();
		tables.forEach((table) -> questions.put(table, table.questions(user, conditions.apply(table))));
		List<WitnessQuestion> all = questions.values().stream().flatMap(List::stream).toList();
		if (all.isEmpty()) {
			return;
		}
		this.server.ask(all, contexts).forEach((context, answers) -> questions.forEach((table, asked) -> {
			if (!asked.isEmpty()) {
				table.results().record(context, conditions.apply(table), asked.stream().map(answers::get).toList());
			}
		}));
	}

	/**
	 * Plans statements on tables whose policies read others: they can fail before any row
	 * is looked at.
	 */
	private Map<String, Raised> plan() throws SQLException {
		List<String> statements = this.tables.stream()
			.filter((table) -> !table.involved().relations().isEmpty())
			.flatMap(this::statements)
			.toList();
		return this.server.explain(statements, WitnessContext.of(this.users.get(0)));
	}

	private Stream<String> statements(TableWitnesses table) {
		String name = table.table().quoted();
		return table.table().granted().stream().flatMap((command) -> switch (command) {
			case SELECT -> Stream.of("SELECT 1 FROM " + name);
			case INSERT -> Stream.of("INSERT INTO " + name + " DEFAULT VALUES");
			case UPDATE -> table.columns()
				.stream()
				.filter((column) -> column.updatable())
				.limit(1)
				.map((column) -> "UPDATE %s SET %s = DEFAULT".formatted(name, column.name()));
			case DELETE -> Stream.of("DELETE FROM " + name);
		});
	}

	private @Nullable String error(TableWitnesses table, Map<String, Raised> planned) {
		return statements(table).map(planned::get)
			.filter((raised) -> raised != null && PLANNED.contains(raised.state()))
			.map(Raised::toString)
			.findFirst()
			.orElse(null);
	}

}
