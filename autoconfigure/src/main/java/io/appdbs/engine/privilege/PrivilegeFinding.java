package io.appdbs.engine.privilege;

import java.util.List;
import java.util.Locale;

/**
 * A privilege that a login has and should not need, or lacks.
 *
 * @param type the type
 * @param object what it is about: a table, a schema, a role or a privilege
 * @param reason the predicate of a sentence about the login
 * @param fixes the statements that remove the finding, none if they are not known
 */
public record PrivilegeFinding(Type type, String object, String reason, List<String> fixes) {

	public PrivilegeFinding {
		fixes = List.copyOf(fixes);
	}

	/**
	 * Returns the finding as it is logged.
	 */
	@Override
	public String toString() {
		return "[%s] %s: %s.%s".formatted(this.type.getName(), this.object, this.reason,
				this.fixes.isEmpty() ? "" : " Fix: " + String.join(" ", this.fixes));
	}

	/**
	 * Type of a finding. The name in lower case, with hyphens, is the identifier that
	 * operators see and {@code privileges.allow} has; it never changes.
	 */
	public enum Type {

		/** No privilege is missing. */
		SUPERUSER,
		/** Policies do not bind the login. */
		BYPASSRLS,
		/** Roles can be created. */
		CREATEROLE,
		/** Databases can be created. */
		CREATEDB,
		/** The changes of all rows can be read. */
		REPLICATION,
		/** The login is a member of a role with dangerous rights, or can become it. */
		MEMBER_OF_POWERFUL_ROLE,
		/** The login owns the database. */
		OWNS_DATABASE,
		/** Schemas can be created. */
		CREATE_ON_DATABASE,
		/** The login owns a schema. */
		OWNS_SCHEMA,
		/** Objects can be created in a schema. */
		CREATE_ON_SCHEMA,
		/** The login owns a table. */
		OWNS_TABLE,
		/** The definition of tables can be changed. */
		CHANGES_SCHEMA,
		/** A table can be emptied. */
		MAY_TRUNCATE,
		/** A table can be locked and rewritten. */
		MAY_MAINTAIN,
		/** The history of migrations can be changed. */
		MAY_WRITE_MIGRATION_HISTORY,
		/** Every login may use a table. */
		PUBLIC_MAY_USE,
		/** A routine runs with the rights of a superuser. */
		EXECUTES_AS_SUPERUSER,
		/** Privileges can be granted to others. */
		GRANT_OPTION,
		/** A privilege is not limited to a database. */
		GLOBAL_PRIVILEGE,
		/** Tables of the server itself can be read or changed. */
		USES_SYSTEM_SCHEMA,
		/** The login of the application also migrates. */
		ONE_LOGIN,
		/** A needed privilege is missing. */
		MISSING_GRANT,
		/** A privilege on a table is not needed. */
		EXCESS_GRANT,
		/** There is no table that the settings name. */
		UNKNOWN_TABLE,
		/** A part cannot be read. */
		NOT_CHECKED,
		/** An allowed finding does not exist. */
		UNUSED_ALLOW;

		/**
		 * Returns the identifier.
		 * @return the name in lower case, with hyphens
		 */
		public String getName() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
