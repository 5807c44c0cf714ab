package io.appdbs.rls;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.Setting;
import io.appdbs.rls.BehaviorProbe.Result;
import io.appdbs.rls.Catalog.Policy;
import io.appdbs.rls.Catalog.Relation;
import io.appdbs.rls.Catalog.Role;
import org.jspecify.annotations.Nullable;

/**
 * Verifies one database once.
 */
final class Verifier {

	private final DatabaseDefinition definition;

	private final RlsSettings settings;

	private final Connection connection;

	private final List<Finding> findings = new ArrayList<>();

	private int tables;

	/**
	 * Create a new {@link Verifier}.
	 * @param connection a new connection of the login
	 */
	Verifier(DatabaseDefinition definition, Connection connection) {
		this.definition = definition;
		this.settings = definition.settings().rls();
		this.connection = connection;
	}

	/**
	 * Return what was found.
	 */
	List<Finding> getFindings() {
		return this.findings;
	}

	/**
	 * Return how many tables were looked at.
	 */
	int countTables() {
		return this.tables;
	}

	/**
	 * Find out whether statements outside of a transaction can carry a prefix.
	 */
	boolean probePrefix() throws SQLException {
		String setting = this.settings.settings().get(0).name();
		PrefixProbe.Result result = new PrefixProbe(this.connection, setting).run();
		if (!result.ended()) {
			this.findings.add(new Finding("setting " + setting,
					"outlasts the transaction that it was set in, so whoever gets the connection next has it",
					"Connect to the server itself, or through a proxy that leaves transactions alone."));
		}
		return result.prefixed();
	}

	/**
	 * Verify the role, then what it can reach.
	 */
	void verify() throws SQLException {
		String roleName = this.settings.role();
		Catalog catalog = CatalogReader.read(this.connection, roleName);
		RoleCheck check = new RoleCheck(this.definition.name());
		Role role = catalog.role();
		Finding unavailable = check.checkAvailable(roleName, role);
		add(unavailable);
		if (role == null || unavailable != null) {
			return;
		}
		this.findings.addAll(check.check(role, catalog.escapes()));
		if (role.superuser()) {
			// everything else follows
			return;
		}
		VerificationScope scope = new VerificationScope(this.definition, catalog, role, this.connection.getMetaData());
		this.findings.addAll(scope.findUnknown());
		verify(catalog, scope, role);
	}

	private void verify(Catalog catalog, VerificationScope scope, Role role) throws SQLException {
		String template = template();
		TableCheck tableCheck = new TableCheck(catalog, role, template);
		List<Relation> relations = scope.relations();
		Set<Long> unbound = new HashSet<>();
		List<Relation> bound = new ArrayList<>();
		for (Relation table : relations) {
			if (!table.isView() && !table.isMaterialized()) {
				this.tables++;
				Finding finding = tableCheck.checkBound(table, scope.parent(table));
				if (finding != null) {
					this.findings.add(finding);
					unbound.add(table.id());
				}
				else {
					bound.add(table);
				}
			}
		}
		verifyPolicies(catalog, scope, role, tableCheck, bound);
		ViewCheck viewCheck = new ViewCheck(catalog, scope, role, unbound);
		relations.stream()
			.filter((relation) -> relation.isView() || relation.isMaterialized())
			.forEach((view) -> add(viewCheck.check(view)));
		catalog.routines()
			.stream()
			.filter((routine) -> scope.contains(routine.schema()))
			.forEach((routine) -> add(viewCheck.check(routine)));
	}

	private void verifyPolicies(Catalog catalog, VerificationScope scope, Role role, TableCheck tableCheck,
			List<Relation> bound) throws SQLException {
		Map<Long, List<Policy>> policies = catalog.policies()
			.stream()
			.collect(Collectors.groupingBy(Policy::relation));
		Result result = new BehaviorProbe(this.connection, this.settings.role(), this.settings)
			.run(conditions(bound, policies), catalog.relations(), role.isBypassing() ? List.of() : bound);
		PolicyCheck policyCheck = new PolicyCheck(catalog, this.definition.name(), this.settings.settings(),
				result.trueConditions(), template());
		for (Relation table : bound) {
			List<Policy> own = policies.getOrDefault(table.id(), List.of());
			Relation parent = scope.parent(table);
			int before = this.findings.size();
			if (parent == null || !parent.secured()) {
				add(tableCheck.checkPolicies(table, own));
			}
			this.findings.addAll(policyCheck.check(table, own));
			if (before == this.findings.size() && result.visible().contains(table.id())) {
				this.findings.add(visible(table, own));
			}
		}
	}

	private Finding visible(Relation table, List<Policy> policies) {
		String fix = policies.stream()
			.filter((policy) -> policy.permissive() && policy.isFor(Catalog.Command.SELECT))
			.map((policy) -> "ALTER POLICY %s ON %s USING (%s);".formatted(policy.name(), table.quoted(), template()))
			.collect(Collectors.joining(" "));
		return new Finding(table.toString(), "shows rows although there is no user", fix + " -- or exempt it");
	}

	private static Map<String, Relation> conditions(List<Relation> tables, Map<Long, List<Policy>> policies) {
		Map<String, Relation> conditions = new LinkedHashMap<>();
		for (Relation table : tables) {
			for (Policy policy : policies.getOrDefault(table.id(), List.of())) {
				Stream.of(policy.using(), policy.check())
					.filter((condition) -> condition != null && policy.applied())
					.forEach((condition) -> conditions.putIfAbsent(condition, table));
			}
		}
		return conditions;
	}

	private void add(@Nullable Finding finding) {
		if (finding != null) {
			this.findings.add(finding);
		}
	}

	/**
	 * Return a condition as it should be.
	 */
	private String template() {
		Setting setting = this.settings.settings().get(0);
		String type = switch (setting.type()) {
			case ANY -> "";
			case LONG -> "::bigint";
			case UUID -> "::uuid";
		};
		return "<column> = (SELECT NULLIF(current_setting('%s', true), '')%s)".formatted(setting.name(),
				type);
	}

}
