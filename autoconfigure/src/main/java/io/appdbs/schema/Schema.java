package io.appdbs.schema;

import java.util.List;

/**
 * Look-ups in the schema of a database. Each call borrows a connection of the pool and
 * asks the server: the result is never cached, as the next migration would make it wrong.
 * In a transaction on the database, a call uses the connection of the transaction and
 * finds what the transaction has created. If it fails, the transaction can continue.
 * <p>
 * Names of tables and columns are written as in SQL: {@code table} or
 * {@code schema.table}, with double quotes around a part that has capital letters or
 * other characters. A table without schema is looked up as the server does. Views count
 * as tables. On MongoDB, tables are collections and columns are fields of the validator
 * or of an index, and calls are not part of a transaction.
 */
public interface Schema {

	/**
	 * Returns the names of the tables that the login can find without a schema.
	 * @return the names in alphabetical order, at most 1,000
	 * @throws org.springframework.dao.DataAccessException if the server cannot be asked
	 */
	List<String> getTables();

	/**
	 * Returns whether a table exists.
	 * @param table the name of the table
	 * @return whether it exists
	 * @throws IllegalArgumentException if the name is malformed
	 * @throws org.springframework.dao.DataAccessException if the server cannot be asked
	 */
	boolean hasTable(String table);

	/**
	 * Returns whether a table has a column.
	 * @param table the name of the table
	 * @param column the name of the column
	 * @return whether both exist
	 * @throws IllegalArgumentException if a name is malformed
	 * @throws org.springframework.dao.DataAccessException if the server cannot be asked
	 */
	boolean hasColumn(String table, String column);

	/**
	 * Returns whether a table has a usable index whose first columns are the given ones.
	 * A primary key counts, a partial index does not.
	 * @param table the name of the table
	 * @param columns the columns in order, at least one
	 * @return whether there is such an index
	 * @throws IllegalArgumentException if a name is malformed
	 * @throws org.springframework.dao.DataAccessException if the server cannot be asked
	 */
	boolean hasIndex(String table, String... columns);

	/**
	 * Describes a table.
	 * @param table the name of the table
	 * @return the description
	 * @throws IllegalArgumentException if the name is malformed, or there is no such
	 * table; the message names similar ones
	 * @throws org.springframework.dao.DataAccessException if the server cannot be asked
	 */
	TableInformation describe(String table);

}
