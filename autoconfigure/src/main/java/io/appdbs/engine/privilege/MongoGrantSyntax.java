package io.appdbs.engine.privilege;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Actions on collections of MongoDB, and the commands that grant them.
 */
public final class MongoGrantSyntax implements GrantSyntax {

	@Override
	public List<String> getTablePrivileges() {
		return List.of("find", "insert", "update", "remove", "createCollection", "dropCollection", "createIndex",
				"dropIndex", "collMod", "collStats", "listIndexes", "indexStats", "changeStream", "convertToCapped",
				"validate", "bypassDocumentValidation");
	}

	@Override
	public boolean isSql() {
		return false;
	}

	@Override
	public String toStored(String identifier) {
		return identifier;
	}

	/**
	 * Returns the commands of {@code mongosh} that add the actions to the role that has
	 * the name of the login.
	 */
	@Override
	public List<String> grant(@Nullable String schema, String table, Collection<String> privileges, String login) {
		return List.of("db.grantPrivilegesToRole(%s, [{ resource: { db: %s, collection: %s }, actions: [%s] }]);"
			.formatted(login, (schema != null) ? quote(schema) : "db.getName()", quote(table),
					privileges.stream().map(MongoGrantSyntax::quote).collect(Collectors.joining(", "))));
	}

	/**
	 * Returns the commands that create a role without privileges and give it to the
	 * login.
	 */
	@Override
	public List<String> prepareLogin(String login) {
		return List.of("db.createRole({ role: %s, privileges: [], roles: [] });".formatted(login),
				"db.grantRolesToUser(%1$s, [%1$s]);".formatted(login));
	}

	@Override
	public String quoteLogin(String name) {
		return quote(name);
	}

	private static String quote(String text) {
		return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

}
