package io.appdbs.mongo.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import com.mongodb.ServerAddress;
import com.mongodb.event.CommandEvent;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/**
 * The commands that have opened the cursors of a client. The cursors that are used least
 * recently are forgotten.
 */
final class OpenCursors {

	private static final int MAX_CURSORS = 1000;

	private final Map<Cursor, String> commands = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Cursor, String> eldest) {
			return size() > MAX_CURSORS;
		}

	});

	/**
	 * Returns the command that has opened the cursor that a command continues to read.
	 * @param command the arguments of the command
	 * @return the text of the first command, {@code null} if it is another command or not
	 * known
	 */
	@Nullable String find(CommandEvent event, BsonDocument command) {
		return (command.get("getMore") instanceof BsonInt64 id) ? this.commands.get(cursor(event, id)) : null;
	}

	/**
	 * Remembers the cursor in a reply if it has further documents.
	 * @param command the text of the command that has opened it
	 */
	void update(CommandEvent event, BsonDocument reply, String command) {
		if (reply.get("cursor") instanceof BsonDocument cursor && cursor.get("id") instanceof BsonInt64 id
				&& id.getValue() != 0) {
			this.commands.put(cursor(event, id), command);
		}
	}

	private static Cursor cursor(CommandEvent event, BsonInt64 id) {
		return new Cursor(event.getConnectionDescription().getServerAddress(), id.getValue());
	}

	/**
	 * A cursor of a server, which chooses the number.
	 *
	 * @param server the server
	 * @param id the number
	 */
	private record Cursor(ServerAddress server, long id) {

	}

}
