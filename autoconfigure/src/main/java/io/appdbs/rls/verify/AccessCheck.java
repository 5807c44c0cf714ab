package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.VerificationScope;
import io.appdbs.rls.verify.proof.PolicyProof;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the role can reach that policies do not keep from it.
 */
final class AccessCheck {

	private final DatabaseDefinition definition;

	private final Catalog catalog;

	private final VerificationScope scope;

	private final Role role;

	private final List<Finding> findings = new ArrayList<>();

	/** The tables that policies do not bind, which have a separate finding. */
	private final Set<Long> faulty = new HashSet<>();

	private final List<Relation> bound = new ArrayList<>();

	private final Map<Long, List<Policy>> policies;

	AccessCheck(DatabaseDefinition definition, Catalog catalog, VerificationScope scope, Role role) {
		this.definition = definition;
		this.catalog = catalog;
		this.scope = scope;
		this.role = role;
		this.policies = catalog.policies().stream().collect(Collectors.groupingBy(Policy::relation));
	}

	/**
	 * Check everything.
	 * @param connection a connection on which no setting was ever set
	 * @param distributed whether other nodes evaluate policies, which then cannot have
	 * sub-selects
	 * @return what is wrong
	 */
	List<Finding> check(Connection connection, boolean distributed) throws SQLException {
		TableCheck tableCheck = new TableCheck(this.catalog, this.role,
				template(this.definition.settings().rls(), distributed));
		checkBound(tableCheck);
		checkPolicies(tableCheck);
		List<Relation> views = checkViews();
		this.findings.addAll(PolicyProof.prove(connection, this.definition, this.catalog, this.role, this.bound, views,
				this.scope.allowed()));
		if (distributed) {
			this.findings.removeIf((finding) -> finding.type() == FindingType.POLICY_EVALUATED_PER_ROW);
		}
		return this.findings;
	}

	/**
	 * Check views and routines.
	 * @return the views that do not bypass policies
	 */
	private List<Relation> checkViews() {
		GrantCheck grantCheck = new GrantCheck(this.catalog, this.scope.allowed(), this.role);
		this.scope.tables().forEach((table) -> this.findings.addAll(grantCheck.check(table)));
		ViewCheck viewCheck = new ViewCheck(this.catalog, this.scope, this.role, this.faulty);
		List<Relation> binding = new ArrayList<>();
		for (Relation view : this.scope.relations()) {
			Finding finding = (view.isView() || view.isMaterialized()) ? viewCheck.check(view) : null;
			add(finding);
			if (finding == null && view.isView() && view.granted().contains(Command.SELECT)) {
				binding.add(view);
			}
		}
		this.catalog.routines()
			.stream()
			.filter((routine) -> this.scope.contains(routine.schema()))
			.forEach((routine) -> add(viewCheck.check(routine)));
		return binding;
	}

	/**
	 * Returns a condition as it should be.
	 */
	private static String template(RlsSettings settings, boolean distributed) {
		Setting setting = settings.settings().get(0);
		String type = switch (setting.type()) {
			case ANY -> "";
			case LONG -> "::bigint";
			case UUID -> "::uuid";
		};
		return "<column> = (%sNULLIF(current_setting('%s', true), '')%s)".formatted(distributed ? "" : "SELECT ",
				setting.name(), type);
	}

	private void checkBound(TableCheck check) {
		for (Relation table : this.scope.relations()) {
			if (table.isView() || table.isMaterialized()) {
				continue;
			}
			Finding finding = check.checkBound(table, this.catalog.parent(table));
			if (finding == null) {
				this.bound.add(table);
			}
			else {
				this.findings.add(finding);
				this.faulty.add(table.id());
			}
		}
	}

	private void checkPolicies(TableCheck check) {
		for (Relation table : this.bound) {
			Relation parent = this.catalog.parent(table);
			if (parent == null || !parent.secured()) {
				add(check.checkPolicies(table, this.policies.getOrDefault(table.id(), List.of())));
			}
		}
	}

	private void add(@Nullable Finding finding) {
		if (finding != null) {
			this.findings.add(finding);
		}
	}

}
