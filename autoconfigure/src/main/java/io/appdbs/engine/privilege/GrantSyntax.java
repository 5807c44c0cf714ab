package io.appdbs.engine.privilege;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Names of privileges on tables or collections, and the statements that grant them.
 */
public interface GrantSyntax {

	/**
	 * Returns the syntax for a database whose settings in the URL may differ.
	 * @param url the URL, of any form
	 * @return this unless overridden
	 */
	default GrantSyntax at(String url) {
		return this;
	}

	/**
	 * Returns the privileges on a table.
	 * @return the words of {@code GRANT} in upper case
	 */
	List<String> getTablePrivileges();

	/**
	 * Returns whether a table is not found on which the login has no privilege.
	 * @return {@code false} unless overridden
	 */
	default boolean isHidingTables() {
		return false;
	}

	/**
	 * Returns the name of a part of a needed table as the server stores it.
	 * @param identifier the name as in SQL, possibly in double quotes
	 * @return the name without quotes
	 */
	String toStored(String identifier);

	/**
	 * Returns the statements that grant privileges on a table.
	 * @param schema the schema as the server stores it or {@code null} for the default
	 * @param table the table as the server stores it
	 * @param privileges the privileges in upper case
	 * @param login the login as {@link LoginPrivileges#login()}, or its quoted name
	 * @return the statements
	 */
	List<String> grant(@Nullable String schema, String table, Collection<String> privileges, String login);

	/**
	 * Returns the statements that grant privileges on a table and what their use requires
	 * in addition, of a database that has not been read.
	 * @param schema the schema as the server stores it or {@code null} for the default
	 * @param table the table as the server stores it
	 * @param privileges the privileges in upper case
	 * @param login the login as {@link LoginPrivileges#login()}, or its quoted name
	 * @return the statements, those of {@link #grant} unless overridden
	 */
	default List<String> grantUnread(@Nullable String schema, String table, Collection<String> privileges,
			String login) {
		return grant(schema, table, privileges, login);
	}

	/**
	 * Returns the statements before those that grant privileges.
	 * @param login the login, quoted
	 * @return the statements, none unless overridden
	 */
	default List<String> prepareLogin(String login) {
		return List.of();
	}

	/**
	 * Quotes the name of a login for statements.
	 * @param name the name
	 * @return the name in SQL
	 */
	String quoteLogin(String name);

	/**
	 * Returns whether a name is a table with or without schema, as in SQL.
	 * @return {@code true} unless overridden; otherwise it is taken as it is
	 */
	default boolean isSql() {
		return true;
	}

}
