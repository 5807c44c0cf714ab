package io.appdbs.privilege;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statements that grant {@code privileges.needed} to the login of the
 * application.
 */
public final class PrivilegeGrants {

	private PrivilegeGrants() {
	}

	/**
	 * Returns the statements. The database is not asked.
	 * @param definition the database
	 * @param verified the report of the verification, which has the login, or
	 * {@code null} if there is none
	 * @param username the name of the login or {@code null} if it is not known
	 * @return the statements in the order to execute them
	 * @throws IllegalDatabaseOperationException if the settings do not have what is
	 * needed, or the engine is not supported
	 */
	public static List<String> write(DatabaseDefinition definition, @Nullable Map<String, Object> verified,
			@Nullable String username) {
		GrantSyntax syntax = findSyntax(definition);
		Map<String, List<String>> needed = definition.settings().privileges().needed();
		if (needed.isEmpty()) {
			throw rejected(definition,
					"'%s' is not set. Write the privileges that the application needs there, by table, such as 'orders' with 'SELECT, INSERT'."
						.formatted(definition.key("privileges.needed")));
		}
		String role = definition.settings().rls().enabled() ? definition.settings().rls().role() : null;
		String login = findLogin(syntax, (role != null) ? null : verified, (role != null) ? role : username);
		if (login == null) {
			throw rejected(definition,
					"the name of the login is not known. Set '%s'.".formatted(definition.key("username")));
		}
		LinkedHashSet<String> statements = new LinkedHashSet<>(syntax.prepareLogin(login));
		NeededPrivileges privileges = new NeededPrivileges(syntax, needed);
		new TreeMap<>(needed).forEach((table, words) -> {
			TableName name = syntax.isSql() ? TableName.parse(table) : new TableName(null, table);
			if (name != null && !words.isEmpty()) {
				statements.addAll(syntax.grantUnread((name.schema() != null) ? syntax.toStored(name.schema()) : null,
						syntax.toStored(name.table()), privileges.canonical(words), login));
			}
		});
		return new ArrayList<>(statements);
	}

	private static GrantSyntax findSyntax(DatabaseDefinition definition) {
		GrantSyntax syntax = definition.engine().getGrantSyntax();
		if (syntax == null) {
			throw rejected(definition,
					"privileges of %s are not known.".formatted(definition.engine().getDisplayName()));
		}
		return syntax.at(String.valueOf(definition.settings().url()));
	}

	/**
	 * The server knows the login best, for example with the host of an account of MySQL.
	 */
	private static @Nullable String findLogin(GrantSyntax syntax, @Nullable Map<String, Object> verified,
			@Nullable String username) {
		if (verified != null && verified.get("login") instanceof String login) {
			return login;
		}
		return (username != null) ? syntax.quoteLogin(username) : null;
	}

	private static IllegalDatabaseOperationException rejected(DatabaseDefinition definition, String reason) {
		return new IllegalDatabaseOperationException(definition.name(),
				"The grants of database '%s' cannot be written: %s".formatted(definition.name(), reason));
	}

}
