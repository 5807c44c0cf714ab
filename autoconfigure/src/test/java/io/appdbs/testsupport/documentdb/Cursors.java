package io.appdbs.testsupport.documentdb;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;

/**
 * The open cursors. The state of most of them is a document. Those that the engine keeps
 * in a session need the connection on which they were opened until the end.
 */
final class Cursors {

	// two servers on one engine have different identifiers, which name portals there
	private static final AtomicLong ids = new AtomicLong(1000);

	private final Map<Long, Cursor> cursors = new ConcurrentHashMap<>();

	private final SqlConnections connections;

	/**
	 * Creates a new {@link Cursors}.
	 * @param connections takes back the connections of cursors
	 */
	Cursors(SqlConnections connections) {
		this.connections = connections;
	}

	int count() {
		return this.cursors.size();
	}

	/**
	 * Executes a command that returns a cursor.
	 * @param function the function of the extension
	 * @param connection a connection, which the cursor keeps if {@link Page#kept()} is
	 * true
	 */
	Page open(String function, Connection connection, String database, BsonDocument command) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT cursorpage::text, continuation::text, persistconnection FROM documentdb_api."
					+ function + "_cursor_first_page(?, ?::documentdb_core.bson, ?)")) {
			long id = ids.incrementAndGet();
			statement.setString(1, database);
			statement.setString(2, Bson.toText(command));
			statement.setLong(3, id);
			ResultSet row = statement.executeQuery();
			row.next();
			BsonDocument page = Bson.fromText(row.getString(1));
			BsonDocument continuation = Bson.fromText(row.getString(2));
			if (continuation == null) {
				return new Page(page, false);
			}
			// in a transaction, the connection belongs to the transaction
			boolean kept = row.getBoolean(3) && connection.getAutoCommit();
			this.cursors.put(id, new Cursor(continuation, kept ? connection : null));
			page.getDocument("cursor").put("id", new BsonInt64(id));
			return new Page(page, kept);
		}
	}

	/**
	 * Executes {@code getMore}.
	 * @param connection the connection to use unless the cursor has one
	 */
	BsonDocument more(Connection connection, String database, BsonDocument command)
			throws SQLException, CommandException {
		long id = command.getNumber("getMore").longValue();
		Cursor cursor = this.cursors.remove(id);
		if (cursor == null) {
			throw new CommandException(ErrorCodes.CURSOR_NOT_FOUND, "cursor id " + id + " not found");
		}
		boolean open = false;
		try (PreparedStatement statement = ((cursor.connection() != null) ? cursor.connection() : connection)
			.prepareStatement("SELECT cursorpage::text, continuation::text FROM documentdb_api.cursor_get_more"
					+ "(?, ?::documentdb_core.bson, ?::documentdb_core.bson)")) {
			statement.setString(1, database);
			statement.setString(2, Bson.toText(command));
			statement.setString(3, Bson.toText(cursor.continuation()));
			ResultSet row = statement.executeQuery();
			row.next();
			BsonDocument continuation = Bson.fromText(row.getString(2));
			open = continuation != null;
			if (open) {
				this.cursors.put(id, new Cursor(continuation, cursor.connection()));
			}
			return Bson.fromText(row.getString(1));
		}
		finally {
			if (!open) {
				release(cursor);
			}
		}
	}

	/**
	 * Closes cursors.
	 * @param ids the identifiers
	 */
	void kill(BsonArray ids) {
		for (BsonValue id : ids) {
			Cursor cursor = this.cursors.remove(id.asNumber().longValue());
			if (cursor != null) {
				release(cursor);
			}
		}
	}

	private void release(Cursor cursor) {
		if (cursor.connection() != null) {
			this.connections.release(cursor.connection());
		}
	}

	/**
	 * The first documents of a cursor.
	 *
	 * @param reply the reply for the client
	 * @param kept whether the cursor keeps the connection
	 */
	record Page(BsonDocument reply, boolean kept) {

	}

	private record Cursor(BsonDocument continuation, Connection connection) {

	}

}
