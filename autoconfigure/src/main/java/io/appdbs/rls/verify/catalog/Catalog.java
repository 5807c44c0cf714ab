package io.appdbs.rls.verify.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.privilege.RolePower;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog of a database has about the role that statements run as and about what
 * it can reach. Names are quoted where SQL requires it unless said otherwise.
 *
 * @param role the role or {@code null} if there is none of that name
 * @param powers the dangerous rights that the role and the login have or can get
 * @param relations tables and views of all schemas but the server's own, by identifier
 * @param policies all policies
 * @param sources the relations that views read, by the identifier of the view
 * @param routines the SECURITY DEFINER routines of others that the role may call
 * @param owners the owners of relations and routines, by identifier
 * @param grants what has been granted to the role
 * @param defaults the statements that remove the default of a setting that connections of
 * the login have, by the name of the setting in lower case
 */
public record Catalog(@Nullable Role role, List<RolePower> powers, Map<Long, Relation> relations, List<Policy> policies,
		Map<Long, List<Long>> sources, List<Routine> routines, Map<Long, Owner> owners, Grants grants,
		Map<String, List<String>> defaults) {

	/**
	 * Returns what a relation is a partition of, or inherits from.
	 * @return the relation or {@code null} if there is none
	 */
	public @Nullable Relation parent(Relation relation) {
		return (relation.parent() != null) ? this.relations.get(relation.parent()) : null;
	}

	/**
	 * A command that policies are about.
	 */
	public enum Command {

		/** {@code SELECT}. */
		SELECT,
		/** {@code INSERT}. */
		INSERT,
		/** {@code UPDATE}. */
		UPDATE,
		/** {@code DELETE}. */
		DELETE;

		/**
		 * Returns whether this is the command that {@code pg_policy.polcmd} stands for.
		 */
		boolean is(String code) {
			return code.equals("*") || code.equals(switch (this) {
				case SELECT -> "r";
				case INSERT -> "a";
				case UPDATE -> "w";
				case DELETE -> "d";
			});
		}

	}

	/**
	 * The role that statements run as.
	 *
	 * @param name the name
	 * @param superuser whether it is a superuser
	 * @param bypassRls whether it has BYPASSRLS
	 * @param login the login, which may be another role
	 * @param available whether the login is the role or may become it
	 * @param searchPath the schemas that names without schema are looked for in, unquoted
	 * @param schemas all schemas, unquoted
	 * @param version the version of the server, 160000 for PostgreSQL 16
	 * @param bootstrap whether it is the superuser that the server was created with,
	 * which has to stay one
	 */
	public record Role(String name, boolean superuser, boolean bypassRls, String login, boolean available,
			List<String> searchPath, List<String> schemas, int version, boolean bootstrap) {

		public boolean isBypassing() {
			return this.superuser || this.bypassRls;
		}

	}

	/**
	 * The owner of something.
	 *
	 * @param name the name
	 * @param bypassing whether it is a superuser or has BYPASSRLS
	 * @param owners the owners of tables with row-level security whose rights it has
	 */
	public record Owner(String name, boolean bypassing, Set<Long> owners) {

		public boolean isBypassing(Relation table) {
			return this.bypassing || (!table.forced() && this.owners.contains(table.owner()));
		}

	}

	/**
	 * A table, view, materialized view or foreign table.
	 *
	 * @param id the identifier
	 * @param schema the schema, unquoted
	 * @param name the name, unquoted
	 * @param quoted the schema and the name
	 * @param kind as in {@code pg_class.relkind}
	 * @param secured whether it has row-level security
	 * @param forced whether the owner is bound, too
	 * @param owner the owner
	 * @param owned whether the role has, or can get, the rights of the owner
	 * @param invoker whether it is a view with the rights of the role that reads it
	 * @param granted what the role may do
	 * @param parent what it is a partition of, or inherits from, or {@code null}
	 */
	public record Relation(long id, String schema, String name, String quoted, String kind, boolean secured,
			boolean forced, long owner, boolean owned, boolean invoker, Set<Command> granted, @Nullable Long parent) {

		Relation withGranted(Set<Command> granted) {
			return new Relation(this.id, this.schema, this.name, this.quoted, this.kind, this.secured, this.forced,
					this.owner, this.owned, this.invoker, granted, this.parent);
		}

		/**
		 * Returns the quoted name without the schema.
		 * @return the name
		 */
		public String quotedName() {
			return this.quoted.substring(this.quoted.lastIndexOf('.') + 1);
		}

		/**
		 * Returns whether conditions read whole rows, for which all columns are needed.
		 * @param conditions the text of the conditions
		 * @return whether they read whole rows
		 */
		public boolean isReadWhole(String conditions) {
			return conditions.contains(quotedName() + ".*");
		}

		public boolean isTable() {
			return this.kind.equals("r") || this.kind.equals("p");
		}

		public boolean isView() {
			return this.kind.equals("v");
		}

		public boolean isMaterialized() {
			return this.kind.equals("m");
		}

		String kindName() {
			return switch (this.kind) {
				case "v" -> "view";
				case "m" -> "materialized view";
				case "f" -> "foreign table";
				default -> "table";
			};
		}

		@Override
		public String toString() {
			return kindName() + " " + this.quoted;
		}

	}

	/**
	 * A policy.
	 *
	 * @param id the identifier
	 * @param relation the identifier of its table
	 * @param name the name
	 * @param command as in {@code pg_policy.polcmd}
	 * @param permissive whether it adds rows, else it takes rows away
	 * @param applied whether it is for the role
	 * @param using the condition on rows that are there or {@code null}. Tables,
	 * functions and types are printed with their schema, so that a name means one object.
	 * @param check the condition on new rows, in the same form, or {@code null}
	 * @param functions the identifiers of functions that it calls, but for the server's
	 * own
	 * @param reads the identifiers of further tables that it reads
	 */
	public record Policy(long id, long relation, String name, String command, boolean permissive, boolean applied,
			@Nullable String using, @Nullable String check, List<Long> functions, List<Long> reads) {

		/**
		 * Returns the condition on new rows that holds in the end.
		 */
		@Nullable String effectiveCheck() {
			return (this.check != null) ? this.check : this.using;
		}

		public boolean isFor(Command command) {
			return this.applied && command.is(this.command);
		}

	}

	/**
	 * A SECURITY DEFINER function or procedure.
	 *
	 * @param id the identifier
	 * @param schema the schema, unquoted
	 * @param name the name, unquoted
	 * @param quoted the schema and the name
	 * @param arguments names and types of the arguments
	 * @param types the types of the arguments
	 * @param procedure whether it is a procedure
	 * @param owner the owner
	 * @param inPolicy whether a policy calls it
	 */
	public record Routine(long id, String schema, String name, String quoted, String arguments, String types,
			boolean procedure, long owner, boolean inPolicy) {

		String kindName() {
			return this.procedure ? "procedure" : "function";
		}

		/**
		 * Returns the routine as statements about it name it.
		 */
		public String toSql() {
			return kindName().toUpperCase(Locale.ROOT) + " " + signature();
		}

		private String signature() {
			return this.quoted + "(" + this.arguments + ")";
		}

		@Override
		public String toString() {
			return kindName() + " " + signature();
		}

	}

}
