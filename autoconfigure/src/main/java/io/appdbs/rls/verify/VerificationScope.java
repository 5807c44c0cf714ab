package io.appdbs.rls.verify;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.RlsSettings;
import io.appdbs.jdbc.TableName;
import io.appdbs.rls.verify.Catalog.Relation;
import io.appdbs.rls.verify.Catalog.Role;
import org.jspecify.annotations.Nullable;

/**
 * What of a database is verified: what the role may use, in {@code rls.schemas}, but for
 * {@code rls.exempt-tables} and the history of migrations.
 */
final class VerificationScope {

	private static final String HISTORY = "flyway_schema_history";

	private final Catalog catalog;

	private final RlsSettings settings;

	private final String historyTable;

	private final Set<Long> exempt = new HashSet<>();

	private final List<Finding> unknown = new ArrayList<>();

	VerificationScope(DatabaseDefinition definition, Catalog catalog, Role role, DatabaseMetaData metaData)
			throws SQLException {
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
			if (!exempt(table, role, metaData)) {
				this.unknown.add(new Finding(FindingType.UNKNOWN_NAME, "exempt table " + table, "does not exist",
						"Correct '%s'. A table without schema is looked for in: %s."
							.formatted(definition.key("rls.exempt-tables"), String.join(", ", role.searchPath()))));
			}
		}
	}

	private List<String> known() {
		return this.catalog.relations().values().stream().map(Relation::schema).distinct().toList();
	}

	private boolean exempt(String table, Role role, DatabaseMetaData metaData) throws SQLException {
		TableName name = Objects.requireNonNull(TableName.parse(table), () -> "Malformed name of a table: " + table);
		String schema = name.schema(metaData);
		String stored = name.table(metaData);
		List<String> schemas = (schema != null) ? List.of(schema) : role.searchPath();
		return this.exempt.addAll(this.catalog.relations()
			.values()
			.stream()
			.filter((relation) -> schemas.contains(relation.schema()) && relation.name().equals(stored))
			.map(Relation::id)
			.toList());
	}

	/**
	 * Return what does not exist although the settings name it.
	 */
	List<Finding> findUnknown() {
		return this.unknown;
	}

	/**
	 * Return the tables and views to verify.
	 */
	List<Relation> relations() {
		return this.catalog.relations()
			.values()
			.stream()
			.filter((relation) -> contains(relation.schema()) && !relation.granted().isEmpty() && !isExempt(relation))
			.toList();
	}

	boolean contains(String schema) {
		return this.settings.schemas().isEmpty() || this.settings.schemas().contains(schema);
	}

	/**
	 * Return whether a relation needs no policy. What holds for a table holds for its
	 * partitions.
	 */
	boolean isExempt(Relation relation) {
		for (Relation current = relation; current != null; current = parent(current)) {
			if (this.exempt.contains(current.id())) {
				return true;
			}
		}
		return relation.name().equals(this.historyTable);
	}

	@Nullable Relation parent(Relation relation) {
		return (relation.parent() != null) ? this.catalog.relations().get(relation.parent()) : null;
	}

}
