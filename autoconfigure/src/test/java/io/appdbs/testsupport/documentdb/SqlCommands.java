package io.appdbs.testsupport.documentdb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;

import org.bson.BsonDocument;
import org.bson.BsonDouble;

/**
 * The commands that read and write data, each of which is a function of the extension.
 */
final class SqlCommands {

	// what the engine does not know, and what the caller does
	private static final Set<String> IGNORED = Set.of("$db", "lsid", "txnNumber", "autocommit", "startTransaction",
			"$clusterTime", "$readPreference", "readConcern", "writeConcern", "stmtId", "apiVersion", "apiStrict",
			"apiDeprecationErrors", "maxTimeMS");

	private static final Map<String, String> CURSORS = Map.of("find", "find", "aggregate", "aggregate",
			"listCollections", "list_collections", "listIndexes", "list_indexes");

	private static final String BSON = "?::documentdb_core.bson";

	/** The parameters are the database and the command. */
	private static final Map<String, String> FUNCTIONS = Map.ofEntries(
			Map.entry("insert", "SELECT p_result::text FROM documentdb_api.insert(?, " + BSON + ")"),
			Map.entry("update", "SELECT p_result::text FROM documentdb_api.update(?, " + BSON + ")"),
			Map.entry("delete", "SELECT p_result::text FROM documentdb_api.delete(?, " + BSON + ")"),
			Map.entry("findAndModify", "SELECT p_result::text FROM documentdb_api.find_and_modify(?, " + BSON + ")"),
			Map.entry("count", "SELECT document::text FROM documentdb_api.count_query(?, " + BSON + ")"),
			Map.entry("distinct", "SELECT document::text FROM documentdb_api.distinct_query(?, " + BSON + ")"),
			Map.entry("validate", "SELECT document::text FROM documentdb_api.validate(?, " + BSON + ")"),
			Map.entry("create", "SELECT documentdb_api.create_collection_view(?, " + BSON + ")::text"),
			Map.entry("createIndexes",
					"SELECT documentdb_api_internal.create_indexes_non_concurrently(?, " + BSON + ", true)::text"),
			Map.entry("dropIndexes", "CALL documentdb_api.drop_indexes(?, " + BSON + ", null)"));

	private final Cursors cursors;

	SqlCommands(Cursors cursors) {
		this.cursors = cursors;
	}

	/**
	 * Executes a command.
	 * @param connection a connection, in a transaction or not
	 * @return the reply, and whether a cursor keeps the connection
	 */
	Cursors.Page execute(Connection connection, BsonDocument command) throws SQLException, CommandException {
		if (!command.containsKey("maxTimeMS") || !command.isNumber("maxTimeMS")) {
			return dispatch(connection, command);
		}
		setTimeout(connection, command.getNumber("maxTimeMS").longValue());
		try {
			return dispatch(connection, command);
		}
		finally {
			if (connection.getAutoCommit()) {
				setTimeout(connection, 0);
			}
		}
	}

	// in a transaction, it ends with the transaction
	private static void setTimeout(Connection connection, long milliseconds) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement
				.execute("SET " + (connection.getAutoCommit() ? "" : "LOCAL ") + "statement_timeout = " + milliseconds);
		}
	}

	private Cursors.Page dispatch(Connection connection, BsonDocument command) throws SQLException, CommandException {
		String name = command.getFirstKey();
		String database = command.getString("$db").getValue();
		BsonDocument arguments = withoutIgnored(command);
		if (CURSORS.containsKey(name)) {
			return this.cursors.open(CURSORS.get(name), connection, database, arguments);
		}
		if (name.equals("getMore")) {
			return new Cursors.Page(this.cursors.more(connection, database, arguments), false);
		}
		return new Cursors.Page(call(connection, name, database, arguments), false);
	}

	private static BsonDocument withoutIgnored(BsonDocument command) {
		BsonDocument arguments = command.clone();
		IGNORED.forEach(arguments::remove);
		return arguments;
	}

	private static BsonDocument call(Connection connection, String name, String database, BsonDocument command)
			throws SQLException, CommandException {
		String function = FUNCTIONS.get(name);
		if (function != null) {
			BsonDocument result = query(connection, function, database, Bson.toText(command));
			// there is one shard
			return ErrorCodes.translate((name.equals("createIndexes") && result.containsKey("raw"))
					? result.getDocument("raw").getDocument("defaultShard").append("ok", result.get("ok")) : result);
		}
		return switch (name) {
			case "collMod" -> query(connection, "SELECT documentdb_api.coll_mod(?, ?, " + BSON + ")::text", database,
					collection(command), Bson.toText(command));
			case "collStats" ->
				query(connection, "SELECT documentdb_api.coll_stats(?, ?)::text", database, collection(command));
			case "dbStats", "dbstats" -> query(connection, "SELECT documentdb_api.db_stats(?)::text", database);
			case "listDatabases" ->
				query(connection, "SELECT documentdb_api.list_databases(" + BSON + ")::text", Bson.toText(command));
			case "explain" -> Explain.execute(connection, database, command.getDocument("explain"));
			case "drop" -> drop(connection, database, collection(command));
			case "dropDatabase" -> {
				execute(connection, "SELECT documentdb_api.drop_database(?)::text", database);
				yield ok();
			}
			default -> throw new CommandException(ErrorCodes.COMMAND_NOT_FOUND, "no such command: '" + name + "'");
		};
	}

	private static String collection(BsonDocument command) {
		return command.getString(command.getFirstKey()).getValue();
	}

	private static BsonDocument drop(Connection connection, String database, String collection)
			throws SQLException, CommandException {
		if (!Boolean.parseBoolean(
				execute(connection, "SELECT documentdb_api.drop_collection(?, ?)::text", database, collection))) {
			throw new CommandException(ErrorCodes.NAMESPACE_NOT_FOUND, "ns not found");
		}
		return ok();
	}

	static BsonDocument ok() {
		return new BsonDocument("ok", new BsonDouble(1));
	}

	private static BsonDocument query(Connection connection, String sql, String... parameters) throws SQLException {
		return Bson.fromText(execute(connection, sql, parameters));
	}

	static String execute(Connection connection, String sql, String... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setString(i + 1, parameters[i]);
			}
			ResultSet row = statement.executeQuery();
			row.next();
			return row.getString(1);
		}
	}

}
