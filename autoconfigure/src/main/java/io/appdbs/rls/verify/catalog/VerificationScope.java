package io.appdbs.rls.verify.catalog;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.TableName;

import org.springframework.util.Assert;

/**
 * What of a database is verified: what the role may use, in {@code rls.schemas}, but for
 * {@code rls.exempt-tables} and the history of migrations.
 */
public final class VerificationScope {

	private static final String HISTORY = "flyway_schema_history";

	private final Catalog catalog;

	private final RlsSettings settings;

	private final String historyTable;

	private final Set<Long> exempt = new HashSet<>();

	private final List<Finding> unknown = new ArrayList<>();

	private final AllowedObjects allowed;

	/**
	 * Creates a new {@link VerificationScope}.
	 * @param metaData how the server stores names
	 * @param definition the definition
	 * @param catalog the catalog
	 * @param role the role
	 */
	public VerificationScope(DatabaseDefinition definition, Catalog catalog, Role role, DatabaseMetaData metaData)
			throws SQLException {
		CatalogNames names = new CatalogNames(catalog, role, metaData);
		this.allowed = new AllowedObjects(definition, catalog, role, names);
		this.catalog = catalog;
		this.settings = definition.settings().rls();
		this.historyTable = definition.settings().flyway().getOrDefault("table", HISTORY);
		for (String schema : this.settings.schemas()) {
			if (!role.schemas().contains(schema)) {
				this.unknown.add(new Finding(FindingType.UNKNOWN_NAME, "schema " + schema,
						"does not exist, so nothing in it is verified", "Correct '%s'. Known: %s."
							.formatted(definition.key("rls.schemas"), String.join(", ", known()))));
			}
		}
		for (String table : this.settings.exemptTables()) {
			if (!exempt(table, names)) {
				this.unknown.add(new Finding(FindingType.UNKNOWN_NAME, "exempt table " + table, "does not exist",
						"Correct '%s'. A table without schema is looked for in: %s."
							.formatted(definition.key("rls.exempt-tables"), String.join(", ", role.searchPath()))));
			}
		}
		this.unknown.addAll(this.allowed.findUnknown());
		checkExamined(definition, role);
	}

	/**
	 * To prove nothing is no proof, unless the role uses the database through routines
	 * that are allowed.
	 */
	private void checkExamined(DatabaseDefinition definition, Role role) {
		if (!this.unknown.isEmpty() || this.allowed.hasRoutines()
				|| usable().anyMatch((relation) -> !isHistory(relation))) {
			return;
		}
		List<String> schemas = this.settings.schemas();
		String key = definition.key("rls.schemas");
		this.unknown.add(new Finding(FindingType.NOTHING_EXAMINED, "role " + role.name(),
				"may use no table%s, so nothing is proved"
					.formatted(schemas.isEmpty() ? "" : " in '%s' (%s)".formatted(key, String.join(", ", schemas))),
				"Grant what the application uses, such as SELECT on a table and USAGE on its schema%s. Schemas with tables: %s."
					.formatted(schemas.isEmpty() ? "" : ", or correct '%s'".formatted(key),
							known().isEmpty() ? "none" : String.join(", ", known()))));
	}

	private List<String> known() {
		return this.catalog.relations().values().stream().map(Relation::schema).distinct().toList();
	}

	private boolean exempt(String table, CatalogNames names) throws SQLException {
		TableName name = TableName.parse(table);
		Assert.notNull(name, () -> "Malformed name of a table: " + table);
		List<Relation> relations = names.findRelations(name);
		relations.forEach((relation) -> this.exempt.add(relation.id()));
		return !relations.isEmpty();
	}

	/**
	 * Returns what the settings name although it does not exist, or that there is nothing
	 * to verify.
	 * @return what the settings name although it does not exist, or that there is nothing
	 * to verify
	 */
	public List<Finding> findUnknown() {
		return this.unknown;
	}

	/**
	 * Returns what is public by intent.
	 * @return what is public by intent
	 */
	public AllowedObjects allowed() {
		return this.allowed;
	}

	/**
	 * Returns the tables and views to verify, with the commands that are granted and not
	 * allowed.
	 * @return the tables and views to verify, with the commands that are granted and not
	 * allowed
	 */
	public List<Relation> relations() {
		return usable().filter((relation) -> !isExempt(relation))
			.map(this.allowed::withoutAllowed)
			.filter((relation) -> !relation.granted().isEmpty())
			.toList();
	}

	private Stream<Relation> usable() {
		return all().filter((relation) -> !relation.granted().isEmpty());
	}

	/**
	 * Returns the tables whose privileges beyond commands are verified.
	 * @return the tables whose privileges beyond commands are verified
	 */
	public List<Relation> tables() {
		return all().filter((relation) -> !relation.isView() && !relation.isMaterialized() && !isExempt(relation))
			.toList();
	}

	private Stream<Relation> all() {
		return this.catalog.relations().values().stream().filter((relation) -> contains(relation.schema()));
	}

	public boolean contains(String schema) {
		return this.settings.schemas().isEmpty() || this.settings.schemas().contains(schema);
	}

	/**
	 * Returns whether a relation needs no policy. What holds for a table holds for its
	 * partitions.
	 * @param relation the relation
	 * @return whether a relation needs no policy
	 */
	public boolean isExempt(Relation relation) {
		for (Relation current = relation; current != null; current = this.catalog.parent(current)) {
			if (this.exempt.contains(current.id())) {
				return true;
			}
		}
		return isHistory(relation);
	}

	private boolean isHistory(Relation relation) {
		return relation.name().equals(this.historyTable);
	}

}
