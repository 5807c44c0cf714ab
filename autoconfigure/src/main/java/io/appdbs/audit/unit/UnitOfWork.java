package io.appdbs.audit.unit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.audit.AuditEvent;
import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.AuditUser;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work that has not ended. Used by one thread at a time.
 */
public final class UnitOfWork {

	private static final int MAX_STATEMENTS = 100;

	private final Instant time = Instant.now();

	private final long start = System.nanoTime();

	private final List<ExecutedStatement> statements = new ArrayList<>(2);

	private @Nullable AuditUser user;

	private @Nullable String traceId;

	private @Nullable String transaction;

	private @Nullable String id;

	private long omitted;

	/** The number of statements that the next one must not be merged with. */
	private int barrier;

	private boolean changed;

	private boolean doubtful;

	private boolean ended;

	UnitOfWork() {
	}

	/**
	 * Adds a statement that is about to be executed.
	 * @param text the text without values
	 * @param write whether it writes
	 * @param executions the number of executions
	 * @param origin who executes it
	 * @return the statement, to which the result is added
	 */
	public ExecutedStatement add(String text, boolean write, long executions, Origin origin) {
		if (this.user == null) {
			this.user = origin.user();
			this.traceId = origin.traceId();
			this.transaction = origin.transaction();
		}
		this.changed = true;
		int size = this.statements.size();
		if (size > this.barrier && this.statements.get(size - 1).isLike(text, origin.user())) {
			ExecutedStatement last = this.statements.get(size - 1);
			last.repeat(executions);
			return last;
		}
		ExecutedStatement statement = new ExecutedStatement(text, origin.user(), write, executions);
		if (size < MAX_STATEMENTS) {
			this.statements.add(statement);
		}
		else {
			this.omitted += executions;
		}
		return statement;
	}

	/**
	 * Records that the last executions of a statement have failed.
	 * @param statement the statement
	 * @param executions the number of executions
	 * @param failure the failure
	 */
	public void fail(ExecutedStatement statement, long executions, String failure) {
		ExecutedStatement failed = statement.fail(executions, failure);
		int index = this.statements.indexOf(statement);
		if (failed != statement && index >= 0) {
			this.statements.add(index + 1, failed);
		}
	}

	/**
	 * Returns where the unit is now, for a savepoint.
	 * @return the number of statements so far
	 */
	public int mark() {
		this.barrier = this.statements.size();
		return this.barrier;
	}

	/**
	 * Records that the unit was rolled back to a savepoint.
	 * @param mark where the unit was then
	 */
	public void undo(int mark) {
		this.statements.subList(Math.min(mark, this.statements.size()), this.statements.size())
			.forEach(ExecutedStatement::undo);
		this.changed = true;
		mark();
	}

	/**
	 * Records that the server may already have committed a part of the unit.
	 */
	public void doubt() {
		this.doubtful = true;
	}

	boolean isDoubtful() {
		return this.doubtful;
	}

	/**
	 * Returns whether there is something to record.
	 * @return whether a statement has been added
	 */
	public boolean isRecorded() {
		return this.user != null;
	}

	/**
	 * Returns whether the end of the unit has been recorded.
	 * @return whether it has ended
	 */
	public boolean isEnded() {
		return this.ended;
	}

	void end() {
		this.ended = true;
	}

	/**
	 * Returns whether the unit has changed since it was announced.
	 */
	boolean isChanged() {
		return this.changed;
	}

	void announced() {
		this.changed = false;
	}

	AuditUser getUser() {
		return (this.user != null) ? this.user : AuditUser.UNKNOWN;
	}

	AuditEvent toEvent(String database, IdSequence ids, AuditOutcome outcome, @Nullable String failure) {
		String id = this.id;
		if (id == null) {
			id = ids.next();
			this.id = id;
		}
		return new AuditEvent(id, database, this.time, Duration.ofNanos(System.nanoTime() - this.start), getUser(),
				this.traceId, this.transaction, outcome, failure,
				this.statements.stream().map(ExecutedStatement::toAuditStatement).toList(), this.omitted);
	}

	/**
	 * Who executes a statement.
	 *
	 * @param user the user
	 * @param traceId the identifier of the trace or {@code null}
	 * @param transaction the name of the transaction or {@code null}
	 */
	public record Origin(AuditUser user, @Nullable String traceId, @Nullable String transaction) {

	}

}
