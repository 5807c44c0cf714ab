package io.appdbs.mongo.command;

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
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * {@link CommandListener} that logs commands when they have ended. The driver passes the
 * command only when it starts.
 */
class QueryLogCommandListener implements CommandListener {

	private final QueryLog log;

	private final CommandMask mask;

	private final Map<Integer, RunningCommand> running = new ConcurrentHashMap<>();

	private final OpenCursors cursors = new OpenCursors();

	QueryLogCommandListener(QueryLog log) {
		this.log = log;
		this.mask = new CommandMask(log.getMasked());
	}

	@Override
	public void commandStarted(CommandStartedEvent event) {
		BsonDocument command = event.getCommand();
		this.running.put(event.getRequestId(),
				new RunningCommand(CommandText.of(event.getCommandName(), command, this.log.hasParameters(), this.mask),
						this.cursors.find(event, command)));
	}

	@Override
	public void commandSucceeded(CommandSucceededEvent event) {
		BsonDocument reply = event.getResponse();
		RunningCommand command = this.running.get(event.getRequestId());
		if (command != null) {
			this.cursors.update(event, reply, command.getFirst());
		}
		ended(event.getRequestId(), event.getElapsedTime(TimeUnit.NANOSECONDS), CommandReply.findWriteError(reply),
				reply);
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
		RunningCommand command = this.running.remove(requestId);
		if (this.log.count(nanos) && command != null) {
			this.log.write(new ExecutedQuery(command.describe(), nanos, command.text().batchSize(), failure),
					(reply != null) ? CommandReply.countDocuments(reply) : null);
		}
	}

	/**
	 * A command that has not ended.
	 *
	 * @param text the command
	 * @param first the text of the command whose cursor it reads or {@code null}
	 */
	private record RunningCommand(CommandText text, @Nullable String first) {

		String getFirst() {
			return (this.first != null) ? this.first : this.text.text();
		}

		String describe() {
			return (this.first != null) ? this.text.text() + " of " + this.first : this.text.text();
		}

	}

}
