package io.appdbs.mongo.command;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.RequestContext;
import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.ExecutedStatement;
import io.appdbs.audit.unit.UnitOfWork;
import io.appdbs.audit.unit.UnitOfWork.Origin;
import io.appdbs.mongo.command.SessionTransactions.SessionTransaction;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * {@link CommandListener} that records commands and transactions as units of work. It
 * cannot prevent a command: the driver ignores exceptions of listeners.
 */
public final class AuditCommandListener implements CommandListener, AutoCloseable {

	/**
	 * The key of the {@link Origin} of a reactive operation in its {@link RequestContext}
	 * .
	 */
	public static final Object ORIGIN = Origin.class;

	/** The server could not complete the command, or not on all members. */
	private static final Set<Integer> UNCERTAIN = Set.of(50, 64, 91, 100, 189, 202, 262, 11600, 11602);

	private final AuditTrail trail;

	private final SessionTransactions transactions;

	private final OpenCursors cursors = new OpenCursors();

	private final Map<Integer, RunningCommand> running = new ConcurrentHashMap<>();

	AuditCommandListener(AuditTrail trail) {
		this.trail = trail;
		this.transactions = new SessionTransactions(trail);
	}

	@Override
	public void commandStarted(CommandStartedEvent event) {
		BsonDocument command = event.getCommand();
		CommandKind kind = CommandKind.of(event.getCommandName(), command);
		// what a sink does is not recorded, as that would never end
		if (kind == CommandKind.DRIVER || this.trail.isRecording()) {
			return;
		}
		SessionTransaction transaction = this.transactions.get(command);
		if (kind == CommandKind.COMMIT || kind == CommandKind.ABORT) {
			if (transaction != null) {
				this.running.put(event.getRequestId(),
						new RunningCommand(kind, transaction.unit(), transaction, null, 0, "", false));
			}
			return;
		}
		if (kind == CommandKind.WRITE || this.trail.hasReads()) {
			this.running.put(event.getRequestId(), add(event, command, kind, transaction));
		}
	}

	private RunningCommand add(CommandStartedEvent event, BsonDocument command, CommandKind kind,
			@Nullable SessionTransaction transaction) {
		UnitOfWork unit = (transaction != null) ? transaction.unit() : this.trail.begin();
		CommandText text = CommandText.of(event.getCommandName(), command, false);
		String first = this.cursors.find(event, command);
		int executions = Math.max(1, text.batchSize());
		ExecutedStatement statement = unit.add((first != null) ? text.text() + " of " + first : text.text(),
				kind == CommandKind.WRITE, executions, getOrigin(event));
		return new RunningCommand(kind, unit, transaction, statement, executions, (first != null) ? first : text.text(),
				kind == CommandKind.WRITE && CommandKind.isDivisible(command));
	}

	/**
	 * Commands of the reactive client are sent by other threads than that of the user.
	 */
	private Origin getOrigin(CommandStartedEvent event) {
		RequestContext context = event.getRequestContext();
		Origin origin = (context != null) ? context.getOrDefault(ORIGIN, null) : null;
		return (origin != null) ? origin : this.trail.getOrigin();
	}

	@Override
	public void commandSucceeded(CommandSucceededEvent event) {
		RunningCommand command = this.running.remove(event.getRequestId());
		if (command == null) {
			return;
		}
		BsonDocument reply = event.getResponse();
		Long documents = CommandReply.countDocuments(reply);
		if (command.statement() != null) {
			this.cursors.update(event, reply, command.text());
			if (documents != null) {
				command.statement().addRows(documents);
			}
		}
		String error = CommandReply.findWriteError(reply);
		String uncertainty = CommandReply.findWriteConcernError(reply);
		if (error != null) {
			end(command, command.divisible() ? AuditOutcome.UNKNOWN : AuditOutcome.FAILED, error);
		}
		else {
			end(command, (uncertainty != null) ? AuditOutcome.UNKNOWN : AuditOutcome.COMMITTED, uncertainty);
		}
	}

	@Override
	public void commandFailed(CommandFailedEvent event) {
		RunningCommand command = this.running.remove(event.getRequestId());
		if (command == null) {
			return;
		}
		Throwable failure = event.getThrowable();
		String name = failure.getClass().getSimpleName();
		boolean failed = command.kind() == CommandKind.READ || (isAnswer(failure) && !command.divisible());
		end(command, failed ? AuditOutcome.FAILED : AuditOutcome.UNKNOWN,
				(failure instanceof MongoException ex && ex.getCode() > 0) ? name + "(" + ex.getCode() + ")" : name);
	}

	/**
	 * Returns whether the server has answered that it did not do it.
	 */
	private static boolean isAnswer(Throwable failure) {
		return failure instanceof MongoCommandException ex && !UNCERTAIN.contains(ex.getCode())
				&& !ex.hasErrorLabel("RetryableWriteError")
				&& !ex.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL);
	}

	private void end(RunningCommand command, AuditOutcome outcome, @Nullable String failure) {
		ExecutedStatement statement = command.statement();
		if (statement != null && failure != null) {
			command.unit().fail(statement, command.executions(), failure);
		}
		SessionTransaction transaction = command.transaction();
		if (transaction == null) {
			this.trail.end(command.unit(), outcome, failure);
		}
		else if (command.kind() == CommandKind.COMMIT) {
			this.transactions.end(transaction, outcome, failure);
		}
		else if (command.kind() == CommandKind.ABORT) {
			this.transactions.end(transaction, AuditOutcome.ROLLED_BACK, null);
		}
	}

	/**
	 * Ends the transactions of a client that has been closed.
	 */
	@Override
	public void close() {
		this.transactions.close();
	}

	/**
	 * A command that has not ended.
	 *
	 * @param kind what it does
	 * @param unit the unit of work
	 * @param transaction the transaction that it is part of or {@code null}
	 * @param statement what has been recorded of it, {@code null} for the end of a
	 * transaction
	 * @param executions the number of writes of a batch, or 1
	 * @param text the text of the command, or of the one whose cursor it reads
	 * @param divisible whether a part of it may last if it fails
	 */
	private record RunningCommand(CommandKind kind, UnitOfWork unit, @Nullable SessionTransaction transaction,
			@Nullable ExecutedStatement statement, int executions, String text, boolean divisible) {

	}

}
