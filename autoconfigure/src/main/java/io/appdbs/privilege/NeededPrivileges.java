package io.appdbs.privilege;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.engine.privilege.LoginPrivileges;
import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import io.appdbs.engine.privilege.TablePrivileges;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Compares the privileges on tables with {@code privileges.needed}.
 *
 * @param syntax the names of privileges
 * @param needed the privileges by the name of the table as written
 */
record NeededPrivileges(GrantSyntax syntax, Map<String, List<String>> needed) {

	/**
	 * Returns what is missing, and what is granted in addition.
	 * @param login what has been read
	 * @param reported the statements of other findings
	 * @param isHistory whether a table has the history of migrations
	 */
	List<PrivilegeFinding> compare(LoginPrivileges login, Set<String> reported, Predicate<TablePrivileges> isHistory) {
		List<PrivilegeFinding> findings = new ArrayList<>();
		Map<TablePrivileges, Set<String>> wanted = new LinkedHashMap<>();
		// in the order of the names, since the map of the settings has none
		new TreeMap<>(this.needed).forEach((name, privileges) -> {
			Set<String> canonical = canonical(privileges);
			TablePrivileges table = find(name, login.tables());
			if (table == null) {
				findings.add(unknown(name, canonical, login));
				return;
			}
			wanted.put(table, canonical);
			addMissing(table, canonical, login, findings);
		});
		login.tables()
			.stream()
			.filter((table) -> !isHistory.test(table))
			.forEach((table) -> addExcess(table, wanted, login, reported, findings));
		return findings;
	}

	/**
	 * Returns whether a finding is about a privilege that is needed.
	 */
	boolean isNeeded(PrivilegeFinding finding, List<TablePrivileges> tables) {
		String privilege = switch (finding.type()) {
			case MAY_TRUNCATE -> "TRUNCATE";
			case MAY_MAINTAIN -> "MAINTAIN";
			default -> "";
		};
		return this.needed.entrySet().stream().anyMatch((entry) -> {
			TablePrivileges table = canonical(entry.getValue()).contains(privilege) ? find(entry.getKey(), tables)
					: null;
			return table != null && table.quoted().equals(finding.object());
		});
	}

	Set<String> canonical(List<String> privileges) {
		Set<String> canonical = new LinkedHashSet<>();
		privileges.forEach((privilege) -> this.syntax.getTablePrivileges()
			.stream()
			.filter(privilege::equalsIgnoreCase)
			.forEach(canonical::add));
		return canonical;
	}

	private void addMissing(TablePrivileges table, Set<String> wanted, LoginPrivileges login,
			List<PrivilegeFinding> findings) {
		Set<String> missing = new LinkedHashSet<>(wanted);
		missing.removeAll(table.held());
		if (!missing.isEmpty()) {
			findings.add(new PrivilegeFinding(Type.MISSING_GRANT, table.quoted(), "lacks " + String.join(", ", missing),
					this.syntax.grant(table.schema(), String.valueOf(table.name()), missing, login.login())));
		}
		if (wanted.contains("INSERT")) {
			new TreeMap<>(table.sequences())
				.forEach((sequence, grant) -> findings.add(new PrivilegeFinding(Type.MISSING_GRANT, sequence,
						"lacks USAGE, which INSERT on %s needs".formatted(table.quoted()), List.of(grant))));
		}
	}

	private void addExcess(TablePrivileges table, Map<TablePrivileges, Set<String>> wanted, LoginPrivileges login,
			Set<String> reported, List<PrivilegeFinding> findings) {
		Set<String> excess = new LinkedHashSet<>();
		Set<String> fixes = new LinkedHashSet<>();
		new TreeMap<>(table.revokes()).forEach((privilege, revokes) -> {
			if (!wanted.getOrDefault(table, Set.of()).contains(privilege)
					&& (revokes.isEmpty() || !reported.containsAll(revokes))) {
				excess.add(privilege);
				fixes.addAll(revokes);
			}
		});
		if (excess.isEmpty()) {
			return;
		}
		if (table.name() == null) {
			wanted.forEach((other, privileges) -> {
				Set<String> lost = new LinkedHashSet<>(privileges);
				lost.retainAll(excess);
				if (!lost.isEmpty() && other.schema().equals(table.schema())) {
					fixes.addAll(this.syntax.grant(other.schema(), String.valueOf(other.name()), lost, login.login()));
				}
			});
		}
		findings.add(new PrivilegeFinding(Type.EXCESS_GRANT, table.quoted(),
				"has %s, which it does not need".formatted(String.join(", ", excess)), List.copyOf(fixes)));
	}

	private @Nullable TablePrivileges find(String name, List<TablePrivileges> tables) {
		TableName parsed = this.syntax.isSql() ? TableName.parse(name) : new TableName(null, name);
		if (parsed == null) {
			return null;
		}
		String schema = (parsed.schema() != null) ? this.syntax.toStored(parsed.schema()) : null;
		String table = this.syntax.toStored(parsed.table());
		return tables.stream()
			.filter((candidate) -> table.equals(candidate.name())
					&& ((schema != null) ? schema.equals(candidate.schema()) : candidate.visible()))
			.findFirst()
			.orElse(null);
	}

	private PrivilegeFinding unknown(String name, Set<String> privileges, LoginPrivileges login) {
		TableName parsed = this.syntax.isSql() ? TableName.parse(name) : new TableName(null, name);
		String nearest = findNearest(name, parsed, login.tables());
		String hint = (nearest != null) ? ". Did you mean '%s'?".formatted(nearest) : "";
		if (this.syntax.isHidingTables() && nearest == null && parsed != null) {
			String schema = (parsed.schema() != null) ? this.syntax.toStored(parsed.schema())
					: findDefaultSchema(login.tables());
			return new PrivilegeFinding(Type.MISSING_GRANT, name,
					"lacks %s, or there is no such table".formatted(String.join(", ", privileges)),
					this.syntax.grant(schema, this.syntax.toStored(parsed.table()), privileges, login.login()));
		}
		return new PrivilegeFinding(Type.UNKNOWN_TABLE, name, "needs it, but there is no such table" + hint, List.of());
	}

	/**
	 * A schema that is right does not make the names of its tables similar.
	 */
	private @Nullable String findNearest(String name, @Nullable TableName parsed, List<TablePrivileges> tables) {
		String schema = (parsed != null && parsed.schema() != null) ? this.syntax.toStored(parsed.schema()) : null;
		List<String> known = new ArrayList<>();
		List<String> ofSchema = new ArrayList<>();
		tables.stream().filter((table) -> table.name() != null).forEach((table) -> {
			if (table.visible()) {
				known.add(String.valueOf(table.name()));
			}
			if (table.schema().equals(schema)) {
				ofSchema.add(String.valueOf(table.name()));
			}
			else {
				known.add(table.schema() + "." + table.name());
			}
		});
		String nearest = (parsed != null) ? NearestName.find(parsed.table(), ofSchema) : null;
		return (nearest != null) ? schema + "." + nearest : NearestName.find(name, known);
	}

	private static @Nullable String findDefaultSchema(List<TablePrivileges> tables) {
		return tables.stream().filter(TablePrivileges::visible).map(TablePrivileges::schema).findFirst().orElse(null);
	}

}
