package io.appdbs.mongo;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoException;
import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import io.appdbs.query.ExecutedQuery;
import io.appdbs.query.QueryLog;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNumber;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * {@link CommandListener} that logs commands when they have ended. The driver passes the
 * command only when it starts.
 */
class QueryLogCommandListener implements CommandListener {

	private final QueryLog log;

	private final Map<Integer, CommandText> running = new ConcurrentHashMap<>();

	QueryLogCommandListener(QueryLog log) {
		this.log = log;
	}

	@Override
	public void commandStarted(CommandStartedEvent event) {
		this.running.put(event.getRequestId(),
				CommandText.of(event.getCommandName(), event.getCommand(), this.log.hasParameters()));
	}

	@Override
	public void commandSucceeded(CommandSucceededEvent event) {
		BsonDocument reply = event.getResponse();
		ended(event.getRequestId(), event.getElapsedTime(TimeUnit.NANOSECONDS), findWriteError(reply), reply);
	}

	@Override
	public void commandFailed(CommandFailedEvent event) {
		Throwable failure = event.getThrowable();
		String name = failure.getClass().getSimpleName();
		ended(event.getRequestId(), event.getElapsedTime(TimeUnit.NANOSECONDS),
				(failure instanceof MongoException ex && ex.getCode() > 0) ? name + "(" + ex.getCode() + ")" : name,
				null);
	}

	private void ended(int requestId, long nanos, @Nullable String failure, @Nullable BsonDocument reply) {
		CommandText command = this.running.remove(requestId);
		if (this.log.count(nanos) && command != null) {
			this.log.write(new ExecutedQuery(command.text(), nanos, command.batchSize(), failure),
					(reply != null) ? countDocuments(reply) : null);
		}
	}

	/**
	 * Returns the error of a write. For the driver, a command succeeds even if it wrote
	 * nothing, or not everything.
	 */
	private static @Nullable String findWriteError(BsonDocument reply) {
		if (reply.get("writeErrors") instanceof BsonArray errors && !errors.isEmpty()) {
			BsonValue code = errors.get(0).asDocument().get("code");
			return (code != null) ? "WriteError(" + code.asNumber().intValue() + ")" : "WriteError";
		}
		return null;
	}

	private static @Nullable Long countDocuments(BsonDocument reply) {
		if (reply.get("n") instanceof BsonNumber written) {
			return written.longValue();
		}
		BsonDocument read = (reply.get("cursor") instanceof BsonDocument cursor) ? cursor : reply;
		for (String key : List.of("firstBatch", "nextBatch", "values")) {
			if (read.get(key) instanceof BsonArray documents) {
				return (long) documents.size();
			}
		}
		return null;
	}

}
