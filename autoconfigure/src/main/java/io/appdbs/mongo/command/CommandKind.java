package io.appdbs.mongo.command;

import java.util.Locale;
import java.util.Set;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Whether a command writes.
 */
enum CommandKind {

	/** Belongs to the driver: logins, monitoring and ends of sessions and cursors. */
	DRIVER,

	/** Reads. */
	READ,

	/** Writes, or may do so. */
	WRITE,

	/** Commits a transaction. */
	COMMIT,

	/** Aborts a transaction. */
	ABORT;

	private static final Set<String> DRIVER_COMMANDS = Set.of("hello", "ismaster", "saslstart", "saslcontinue",
			"authenticate", "getnonce", "endsessions", "refreshsessions", "killcursors");

	private static final Set<String> READS = Set.of("find", "getmore", "count", "distinct", "listcollections",
			"listindexes", "listdatabases", "explain", "ping", "buildinfo", "dbstats", "collstats", "serverstatus",
			"hostinfo", "connectionstatus", "replsetgetstatus", "usersinfo", "rolesinfo", "datasize", "validate",
			"dbhash", "getparameter", "getcmdlineopts", "getlog", "top", "listsearchindexes");

	/**
	 * Returns the kind of a command. A command that is not known is a write.
	 */
	static CommandKind of(String name, BsonDocument command) {
		String lower = name.toLowerCase(Locale.ROOT);
		if (DRIVER_COMMANDS.contains(lower)) {
			return DRIVER;
		}
		return switch (lower) {
			case "committransaction" -> COMMIT;
			case "aborttransaction" -> ABORT;
			case "aggregate" -> hasTarget(command) ? WRITE : READ;
			default -> READS.contains(lower) ? READ : WRITE;
		};
	}

	private static boolean hasTarget(BsonDocument command) {
		return command.get("pipeline") instanceof BsonArray stages && stages.stream()
			.anyMatch((stage) -> stage instanceof BsonDocument document
					&& (document.containsKey("$out") || document.containsKey("$merge")));
	}

	/**
	 * Returns whether a part of a command can be executed outside of a transaction, and
	 * the rest fail.
	 */
	static boolean isDivisible(BsonDocument command) {
		return hasTarget(command) || isSeveral(command.get("documents")) || isSeveral(command.get("ops"))
				|| isSeveral(command.get("updates")) || isSeveral(command.get("deletes"));
	}

	private static boolean isSeveral(@Nullable BsonValue writes) {
		return writes instanceof BsonArray array
				&& (array.size() > 1 || array.stream().anyMatch(CommandKind::isForSeveral));
	}

	private static boolean isForSeveral(BsonValue write) {
		return write instanceof BsonDocument document && (BsonBoolean.TRUE.equals(document.get("multi"))
				|| (document.containsKey("q") && new BsonInt32(0).equals(document.get("limit"))));
	}

}
