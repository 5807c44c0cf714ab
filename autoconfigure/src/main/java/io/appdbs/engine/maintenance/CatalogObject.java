package io.appdbs.engine.maintenance;

import org.jspecify.annotations.Nullable;

/**
 * An object as the catalogue of the server has it.
 *
 * @param id the identifier in the catalogue, 0 if the engine has none
 * @param schema the schema or, where the engine has none, the database
 * @param name the name
 * @param kind the kind of object
 * @param table the name of the table of an index, in the same schema, {@code null} for
 * other objects
 */
public record CatalogObject(long id, String schema, String name, ObjectKind kind, @Nullable String table) {

	/**
	 * Creates an object that is not an index and has no identifier.
	 * @param schema the schema or the database
	 * @param name the name
	 * @param kind the kind of object
	 */
	public CatalogObject(String schema, String name, ObjectKind kind) {
		this(0, schema, name, kind, null);
	}

	/**
	 * Returns the name of the table: of an index that of its table.
	 * @return the name of the table
	 */
	public String tableName() {
		return (this.table != null) ? this.table : this.name;
	}

}
