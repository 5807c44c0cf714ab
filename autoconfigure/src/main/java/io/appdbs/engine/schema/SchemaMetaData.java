package io.appdbs.engine.schema;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The metadata of a schema or, where the engine has none, of a database.
 *
 * @param metaData the metadata of the driver
 * @param catalog the database, a name
 * @param schema the schema, a name, or {@code null} where the engine has none
 */
public record SchemaMetaData(DatabaseMetaData metaData, @Nullable String catalog, @Nullable String schema) {

	private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

	static SchemaMetaData of(Connection connection, String schema) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		return metaData.supportsSchemasInTableDefinitions()
				? new SchemaMetaData(metaData, connection.getCatalog(), schema)
				: new SchemaMetaData(metaData, schema, null);
	}

	boolean isInSchema() {
		return this.schema != null;
	}

	/**
	 * Returns a pattern that matches a name only.
	 */
	String literally(String name) throws SQLException {
		String escape = this.metaData.getSearchStringEscape();
		return name.replace(escape, escape + escape).replace("_", escape + "_").replace("%", escape + "%");
	}

	private @Nullable String schemaPattern() throws SQLException {
		return (this.schema != null) ? literally(this.schema) : null;
	}

	ResultSet getTables(String tablePattern) throws SQLException {
		return this.metaData.getTables(this.catalog, schemaPattern(), tablePattern, null);
	}

	ResultSet getColumns(String tablePattern) throws SQLException {
		return this.metaData.getColumns(this.catalog, schemaPattern(), tablePattern, "%");
	}

	/**
	 * Returns the indexes. The arguments are names and not patterns.
	 */
	ResultSet getIndexInfo(String table) throws SQLException {
		return this.metaData.getIndexInfo(this.catalog, this.schema, table, false, true);
	}

	ResultSet getPrimaryKeys(String table) throws SQLException {
		return this.metaData.getPrimaryKeys(this.catalog, this.schema, table);
	}

	ResultSet getImportedKeys(String table) throws SQLException {
		return this.metaData.getImportedKeys(this.catalog, this.schema, table);
	}

	String toSql(String identifier) throws SQLException {
		return toSql(identifier, this.metaData);
	}

	/**
	 * Returns an identifier as SQL writes it.
	 * @param identifier the identifier as the server stores it
	 * @param metaData metadata that has the case in which the engine stores names
	 * @return the identifier, in double quotes if it needs them
	 * @throws SQLException if the driver does not report it
	 */
	public static String toSql(String identifier, DatabaseMetaData metaData) throws SQLException {
		boolean plain = PLAIN.matcher(identifier).matches() && identifier.equals(fold(identifier, metaData));
		return plain ? identifier : "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

	/**
	 * Returns an identifier as the engine stores it.
	 * @param identifier the identifier as SQL writes it
	 * @param metaData metadata that has the case in which the engine stores names
	 * @return the identifier, without quotes
	 * @throws SQLException if the driver does not report it
	 */
	public static String toStored(String identifier, DatabaseMetaData metaData) throws SQLException {
		return identifier.startsWith("\"") ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
				: fold(identifier, metaData);
	}

	private static String fold(String identifier, DatabaseMetaData metaData) throws SQLException {
		if (metaData.storesLowerCaseIdentifiers()) {
			return identifier.toLowerCase(Locale.ROOT);
		}
		return metaData.storesUpperCaseIdentifiers() ? identifier.toUpperCase(Locale.ROOT) : identifier;
	}

}
