package io.appdbs.schema;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A table or collection.
 *
 * @param name the name with the schema, if there is one, as SQL writes it
 * @param columns the columns in order
 * @param primaryKey the columns of the primary key in order, empty without one
 * @param indexes the indexes
 * @param foreignKeys the foreign keys of the table
 * @param rows the estimated number of rows, {@code null} if it is not known
 * @param bytes the size with indexes in bytes, {@code null} if it is not known
 */
public record TableInformation(String name, List<Column> columns, List<String> primaryKey, List<Index> indexes,
		List<ForeignKey> foreignKeys, @Nullable Long rows, @Nullable Long bytes) {

	public TableInformation {
		columns = List.copyOf(columns);
		primaryKey = List.copyOf(primaryKey);
		indexes = List.copyOf(indexes);
		foreignKeys = List.copyOf(foreignKeys);
	}

	/**
	 * A column or field.
	 *
	 * @param name the name as the server has it
	 * @param type the type in the words of the server
	 * @param family the family of the type, {@code null} for a type of no family
	 * @param nullable whether it accepts null
	 * @param defaultValue the expression of the default, {@code null} without one
	 */
	public record Column(String name, String type, @Nullable TypeFamily family, boolean nullable,
			@Nullable String defaultValue) {

	}

	/**
	 * An index.
	 *
	 * @param name the name as the server has it
	 * @param columns the columns or fields in order, or expressions in their place;
	 * columns that the index only stores are not included
	 * @param unique whether it is unique
	 * @param valid whether queries can use it: it is complete, and not hidden from them
	 * @param partial whether it contains a part of the rows only
	 */
	public record Index(String name, List<String> columns, boolean unique, boolean valid, boolean partial) {

		public Index {
			columns = List.copyOf(columns);
		}

	}

	/**
	 * A foreign key.
	 *
	 * @param name the name as the server has it, {@code null} if it has none
	 * @param columns the columns in order
	 * @param referencedTable the referenced table, as SQL writes it
	 * @param referencedColumns the referenced columns in order
	 */
	public record ForeignKey(@Nullable String name, List<String> columns, String referencedTable,
			List<String> referencedColumns) {

		public ForeignKey {
			columns = List.copyOf(columns);
			referencedColumns = List.copyOf(referencedColumns);
		}

	}

}
