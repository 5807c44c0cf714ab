package io.appdbs.rls.verify.catalog;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;

import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.settings.TableName;

/**
 * Finds what names in the settings stand for. A name without schema is looked for as the
 * server does.
 */
final class CatalogNames {

	private final Catalog catalog;

	private final Role role;

	private final DatabaseMetaData metaData;

	CatalogNames(Catalog catalog, Role role, DatabaseMetaData metaData) {
		this.catalog = catalog;
		this.role = role;
		this.metaData = metaData;
	}

	List<Relation> findRelations(TableName name) throws SQLException {
		List<String> schemas = schemas(name);
		String table = stored(name);
		return this.catalog.relations()
			.values()
			.stream()
			.filter((relation) -> schemas.contains(relation.schema()) && relation.name().equals(table))
			.toList();
	}

	/**
	 * Returns the schemas that a name can be in.
	 */
	List<String> schemas(TableName name) throws SQLException {
		String schema = name.schema(this.metaData);
		return (schema != null) ? List.of(schema) : this.role.searchPath();
	}

	/**
	 * Returns a name without its schema as the server stores it.
	 */
	String stored(TableName name) throws SQLException {
		return name.table(this.metaData);
	}

	/**
	 * Returns whether a name of the catalog, quoted where it has to be, is the name in
	 * the settings.
	 */
	boolean isNamed(String quoted, TableName name) throws SQLException {
		TableName parsed = TableName.parse(quoted);
		return parsed != null && stored(parsed).equals(stored(name));
	}

}
