package io.appdbs.testsupport.documentdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The command {@code explain}. The plan of the engine is translated as far as whether an
 * index is used, and which.
 */
final class Explain {

	private static final Map<String, String> QUERIES = Map.of("find", "bson_aggregation_find", "aggregate",
			"bson_aggregation_pipeline", "count", "bson_aggregation_count", "distinct", "bson_aggregation_distinct");

	private static final BsonString NONE = new BsonString("");

	private Explain() {
	}

	static BsonDocument execute(Connection connection, String database, BsonDocument command)
			throws SQLException, CommandException {
		String query = QUERIES.get(command.getFirstKey());
		if (query == null) {
			throw new CommandException(ErrorCodes.COMMAND_NOT_FOUND,
					"Explain failed due to unknown command: " + command.getFirstKey());
		}
		String plan = explain(connection, "EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog." + query
				+ "(?, ?::documentdb_core.bson)", database, Bson.toText(command));
		BsonDocument root = BsonArray.parse(plan).get(0).asDocument().getDocument("Plan");
		BsonDocument stage = new BsonDocument("stage", new BsonString("COLLSCAN"));
		String index = findIndex(root);
		if (index != null) {
			stage = new BsonDocument("stage", new BsonString("FETCH")).append("inputStage",
					new BsonDocument("stage", new BsonString("IXSCAN")).append("indexName", new BsonString(index)));
		}
		return new BsonDocument("queryPlanner",
				new BsonDocument("namespace",
						new BsonString(database + "." + command.getString(command.getFirstKey()).getValue()))
					.append("winningPlan", stage))
			.append("enginePlan", root)
			.append("ok", SqlCommands.ok().get("ok"));
	}

	// MongoDB uses an index even if the collection is small
	private static String explain(Connection connection, String sql, String... parameters) throws SQLException {
		SqlCommands.execute(connection, "SELECT set_config('enable_seqscan', 'off', false)");
		try {
			return SqlCommands.execute(connection, sql, parameters);
		}
		finally {
			SqlCommands.execute(connection, "SELECT set_config('enable_seqscan', 'on', false)");
		}
	}

	private static String findIndex(BsonDocument plan) {
		// the condition of a scan of the whole collection is on the shard alone
		if (plan.containsKey("Index Name")
				&& !plan.getString("Index Cond", NONE).getValue().startsWith("(shard_key_value = ")) {
			return plan.getString("Index Name").getValue();
		}
		if (plan.containsKey("Plans")) {
			for (BsonValue child : plan.getArray("Plans")) {
				String index = findIndex(child.asDocument());
				if (index != null) {
					return index;
				}
			}
		}
		return null;
	}

}
