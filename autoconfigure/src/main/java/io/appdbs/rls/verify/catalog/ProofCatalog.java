package io.appdbs.rls.verify.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The part of the catalog that only the proof of policies needs.
 *
 * @param columns the columns that policies and views read, by the identifier of their
 * relation, in order
 * @param reads the columns that a policy or a view reads, by its identifier
 * @param functions functions and procedures of the user's own schemas, by identifier
 * @param viewFunctions the identifiers of functions that views call, by that of the view
 * @param views the queries of views, by identifier
 * @param ownerPolicies the identifiers of policies that apply to owners of views, by that
 * of the owner
 */
public record ProofCatalog(Map<Long, List<Column>> columns, Map<Long, List<ColumnReference>> reads,
		Map<Long, Function> functions, Map<Long, List<Long>> viewFunctions, Map<Long, String> views,
		Map<Long, Set<Long>> ownerPolicies) {

	public List<Column> columns(long relation) {
		return this.columns.getOrDefault(relation, List.of());
	}

	/**
	 * Returns the columns of a relation that one of the readers reads.
	 * @param readers the identifiers of policies or views
	 */
	public List<Column> columns(long relation, List<Long> readers) {
		List<ColumnReference> references = readers.stream()
			.flatMap((reader) -> this.reads.getOrDefault(reader, List.of()).stream())
			.filter((reference) -> reference.relation() == relation)
			.toList();
		return columns(relation).stream()
			.filter((column) -> references.stream().anyMatch((reference) -> reference.number() == column.number()))
			.toList();
	}

	/**
	 * Returns whether a reader reads a column that only rows of tables have, such as
	 * {@code ctid}.
	 */
	boolean readsSystemColumn(long reader) {
		return this.reads.getOrDefault(reader, List.of()).stream().anyMatch((reference) -> reference.number() < 0);
	}

	/**
	 * Says that a column is read.
	 *
	 * @param relation the identifier of the relation
	 * @param number the number of the column, negative for a system column
	 */
	public record ColumnReference(long relation, int number) {

	}

	/**
	 * A column of a relation.
	 *
	 * @param relation the identifier of the relation
	 * @param number the number
	 * @param name the name, quoted
	 * @param type the type as SQL, with its length
	 * @param base the name of the type, of a domain that of its base type
	 * @param kind as in {@code pg_type.typtype}, of a domain that of its base type
	 * @param category as in {@code pg_type.typcategory}, likewise
	 * @param element the name of the type of the elements of an array or {@code null}
	 * @param labels the labels of an enum
	 * @param modifier the modifier of the type, -1 if it has none
	 * @param notNull whether it is never NULL
	 * @param domainNotNull whether even a cast of NULL to the type fails
	 * @param updatable whether the role may update it
	 */
	public record Column(long relation, int number, String name, String type, String base, String kind, String category,
			@Nullable String element, List<String> labels, int modifier, boolean notNull, boolean domainNotNull,
			boolean updatable) {

		public boolean isBoolean() {
			return this.base.equals("bool");
		}

		public boolean isEnum() {
			return this.kind.equals("e");
		}

		public boolean isText() {
			return this.category.equals("S") && !isEnum();
		}

		public boolean isNumber() {
			return this.category.equals("N") && !this.base.startsWith("reg");
		}

		/**
		 * Returns whether it is a point in time, of which now may be before or after.
		 */
		public boolean isDate() {
			return Set.of("date", "timestamp", "timestamptz").contains(this.base);
		}

		/**
		 * Returns whether it may identify a person, or something that belongs to one.
		 */
		public boolean isIdentity() {
			return isText() || isNumber() || this.base.equals("uuid");
		}

	}

	/**
	 * A function.
	 *
	 * @param id the identifier
	 * @param name schema and name, quoted
	 * @param volatility as in {@code pg_proc.provolatile}
	 * @param arguments the number of arguments
	 * @param set whether it returns rows
	 * @param type the type that it returns, as SQL
	 * @param category the category of that type
	 * @param language the language
	 * @param body the text
	 * @param executable whether the role may execute it
	 */
	public record Function(long id, String name, String volatility, int arguments, boolean set, String type,
			String category, String language, String body, boolean executable) {

		boolean isVolatile() {
			return this.volatility.equals("v");
		}

		@Override
		public String toString() {
			return this.name + ((this.arguments > 0) ? "(…)" : "()");
		}

	}

}
