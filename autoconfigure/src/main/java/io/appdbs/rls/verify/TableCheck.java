package io.appdbs.rls.verify;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.PolicyExpression;
import org.jspecify.annotations.Nullable;

/**
 * Finds tables whose policies do not bind the role, or do not exist.
 */
final class TableCheck {

	private final Catalog catalog;

	private final Role role;

	private final String template;

	TableCheck(Catalog catalog, Role role, String template) {
		this.catalog = catalog;
		this.role = role;
		this.template = template;
	}

	/**
	 * Check that policies bind the role.
	 * @param table a table that the role may use
	 * @param parent what it is a partition of or {@code null}
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding checkBound(Relation table, @Nullable Relation parent) {
		if (!table.secured()) {
			return unsecured(table, parent);
		}
		if (!table.owned() || table.forced()) {
			return null;
		}
		Catalog.Owner owner = this.catalog.owners().get(table.owner());
		String name = (owner != null) ? owner.name() : "";
		return new Finding(FindingType.TABLE_NOT_FORCED, table.toString(),
				name.equals(this.role.name())
						? "is owned by role %s, which its policies therefore do not bind".formatted(name)
						: "is owned by role %s, which its policies do not bind, and role %s is a member of it"
							.formatted(name, this.role.name()),
				"ALTER TABLE %s FORCE ROW LEVEL SECURITY;".formatted(table.quoted()));
	}

	private Finding unsecured(Relation table, @Nullable Relation parent) {
		String commands = commands(table.granted().stream());
		String enable = "ALTER TABLE %s ENABLE ROW LEVEL SECURITY%s;".formatted(table.quoted(),
				table.owned() ? ", FORCE ROW LEVEL SECURITY" : "");
		if (!table.isTable()) {
			return new Finding(FindingType.TABLE_WITHOUT_POLICIES, table.toString(),
					"cannot have policies, but role %s may %s there".formatted(this.role.name(), commands),
					this.catalog.grants().revokeAll(table));
		}
		if (parent != null && parent.secured()) {
			return new Finding(FindingType.TABLE_NOT_SECURED, table.toString(),
					"lets role %s %s past the policies of its parent %s".formatted(this.role.name(), commands,
							parent.quoted()),
					enable);
		}
		boolean hasPolicy = this.catalog.policies().stream().anyMatch((policy) -> policy.relation() == table.id());
		return new Finding(FindingType.TABLE_NOT_SECURED, table.toString(),
				"has no row-level security, but role %s may %s there".formatted(this.role.name(), commands),
				hasPolicy ? enable : enable + " CREATE POLICY %s_rows ON %s USING (%s);".formatted(bare(table),
						table.quoted(), this.template));
	}

	/**
	 * Check that there is a policy for each command. A partition needs none: it is used
	 * through its parent.
	 * @param table a table with row-level security that the role may use
	 * @param policies the policies of the table
	 * @return what is wrong or {@code null}
	 */
	@Nullable Finding checkPolicies(Relation table, List<Policy> policies) {
		List<Command> missing = table.granted()
			.stream()
			.filter((command) -> policies.stream().noneMatch((policy) -> allows(policy, command)))
			.toList();
		if (missing.isEmpty()) {
			return null;
		}
		String sound = policies.stream()
			.filter((policy) -> policy.permissive() && policy.applied() && policy.using() != null)
			.map((policy) -> String.valueOf(policy.using()))
			.filter((using) -> new PolicyExpression(using).isStrict())
			.findFirst()
			.orElse(null);
		String revoke = this.catalog.grants().revoke(table, missing.stream().map(Command::name).toList());
		return new Finding(FindingType.POLICY_MISSING, table.toString(),
				"has no policy for %s, which role %s is granted, so it can reach no row"
					.formatted(commands(missing.stream()), this.role.name()),
				fix(table, missing, revoke, sound));
	}

	/**
	 * What the condition of a policy has to be is only known from another one.
	 */
	private String fix(Relation table, List<Command> missing, @Nullable String revoke, @Nullable String sound) {
		if (revoke != null && sound == null) {
			return revoke;
		}
		String condition = (sound != null) ? sound : "(" + this.template + ")";
		String create = missing.stream()
			.map((command) -> create(table, command, condition))
			.collect(Collectors.joining(" "));
		return (revoke != null) ? revoke + " -- or " + create : create;
	}

	/**
	 * An INSERT policy without WITH CHECK allows nothing, but is found as such.
	 */
	private static boolean allows(Policy policy, Command command) {
		return policy.permissive() && policy.isFor(command) && (command == Command.INSERT || policy.using() != null);
	}

	private String create(Relation table, Command command, String condition) {
		return "CREATE POLICY %s_%s ON %s FOR %s TO %s %s %s;".formatted(bare(table),
				command.name().toLowerCase(Locale.ROOT), table.quoted(), command, this.role.name(),
				(command == Command.INSERT) ? "WITH CHECK" : "USING", condition);
	}

	private static String bare(Relation table) {
		return table.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
	}

	private static String commands(Stream<Command> commands) {
		return commands.map(Command::name).collect(Collectors.joining(", "));
	}

}
