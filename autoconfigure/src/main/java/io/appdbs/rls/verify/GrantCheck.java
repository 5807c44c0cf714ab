package io.appdbs.rls.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.AllowedObjects;
import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.Grants;

/**
 * Finds privileges on tables that no policy restricts.
 */
final class GrantCheck {

	private static final String TRUNCATE = "TRUNCATE";

	private static final String TRIGGER = "TRIGGER";

	private static final String REFERENCES = "REFERENCES";

	private final Grants grants;

	private final AllowedObjects allowed;

	private final Role role;

	GrantCheck(Catalog catalog, AllowedObjects allowed, Role role) {
		this.grants = catalog.grants();
		this.allowed = allowed;
		this.role = role;
	}

	/**
	 * Check a table.
	 * @param table a table that is not exempt
	 * @return what is wrong
	 */
	List<Finding> check(Relation table) {
		List<Finding> findings = new ArrayList<>();
		if (!find(table, TRUNCATE).isEmpty()) {
			findings.add(new Finding(FindingType.TRUNCATE_GRANTED, table.toString(),
					"lets role %s TRUNCATE it, which removes the rows of all users".formatted(this.role.name()),
					this.grants.revoke(table, List.of(TRUNCATE))));
		}
		List<String> definitions = find(table, TRIGGER, REFERENCES);
		if (!definitions.isEmpty()) {
			findings.add(new Finding(FindingType.DDL_GRANTED, table.toString(),
					"lets role %s create %s".formatted(this.role.name(),
							definitions.stream().map(GrantCheck::definition).collect(Collectors.joining(", and "))),
					this.grants.revoke(table, definitions)));
		}
		return findings;
	}

	private List<String> find(Relation table, String... privileges) {
		return Stream.of(privileges)
			.filter((privilege) -> this.grants.isGranted(table, privilege) && !this.allowed.isAllowed(table, privilege))
			.toList();
	}

	private static String definition(String privilege) {
		return privilege.equals(TRIGGER) ? "triggers, which run with the rights of any role that writes to the table"
				: "foreign keys, which reveal whether a row of another user exists";
	}

}
