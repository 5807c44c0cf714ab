package io.appdbs.audit.unit;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.appdbs.audit.AuditEvent;
import io.appdbs.audit.AuditFailedException;
import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.AuditSink;
import io.appdbs.audit.AuditUser;
import io.appdbs.audit.unit.UnitOfWork.Origin;
import io.appdbs.settings.security.AuditSettings;
import io.appdbs.settings.security.AuditSettings.OnFailure;
import io.appdbs.settings.security.AuditSettings.Statements;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The audit of one database: passes its units of work to the sinks, on the thread that
 * ends them. Thread-safe.
 */
public final class AuditTrail {

	private final String database;

	private final boolean reads;

	private final boolean announced;

	private final Supplier<List<AuditSink>> sinks;

	private final AuditUsers users;

	private final FailureLog failureLog;

	private final IdSequence ids = new IdSequence();

	/** Whether a sink is working on this thread. */
	private final ThreadLocal<Boolean> recording = new ThreadLocal<>();

	private final Map<AuditOutcome, LongAdder> events = new EnumMap<>(AuditOutcome.class);

	private final LongAdder failures = new LongAdder();

	private final LongAdder unknownUsers = new LongAdder();

	/**
	 * Creates a new {@link AuditTrail}.
	 * @param database the name of the database
	 * @param settings the settings
	 * @param sinks the sinks, requested with the first event
	 * @param users finds the current user
	 */
	public AuditTrail(String database, AuditSettings settings, Supplier<List<AuditSink>> sinks, AuditUsers users) {
		this.database = database;
		this.reads = settings.statements() == Statements.ALL;
		this.announced = settings.onFailure() == OnFailure.FAIL;
		this.sinks = sinks;
		this.users = users;
		this.failureLog = new FailureLog(database);
		for (AuditOutcome outcome : AuditOutcome.values()) {
			this.events.put(outcome, new LongAdder());
		}
	}

	/**
	 * Returns whether reads are recorded as well.
	 * @return whether {@code audit.statements} is {@code all}
	 */
	public boolean hasReads() {
		return this.reads;
	}

	/**
	 * Returns whether a unit must be announced before it is executed or committed.
	 * @return whether {@code audit.on-failure} is {@code fail}
	 */
	public boolean isAnnounced() {
		return this.announced;
	}

	/**
	 * Returns whether a sink is recording an event of the database on this thread.
	 * @return whether this thread must not use the database
	 */
	public boolean isRecording() {
		return this.recording.get() != null;
	}

	/**
	 * Begins a unit of work.
	 * @return the unit
	 */
	public UnitOfWork begin() {
		return new UnitOfWork();
	}

	/**
	 * Returns who is executing a statement on this thread.
	 * @return the user, the trace and the transaction
	 */
	public Origin getOrigin() {
		return new Origin(this.users.getCurrent(), TraceIds.getCurrent(),
				TransactionSynchronizationManager.getCurrentTransactionName());
	}

	/**
	 * Returns who executes a statement, if another thread than this one does.
	 * @param user the user
	 * @return the user, or that of this thread if the user is not known
	 */
	public Origin getOrigin(AuditUser user) {
		Origin own = getOrigin();
		return new Origin(user.isUnknown() ? own.user() : user, own.traceId(), own.transaction());
	}

	/**
	 * Records a unit before it is executed or committed, unless failures are only logged.
	 * @param unit the unit
	 * @param consequence what does not happen if it cannot be recorded
	 * @throws AuditFailedException if it could not be recorded
	 */
	public void announce(UnitOfWork unit, String consequence) throws AuditFailedException {
		if (!this.announced || !unit.isRecorded() || !unit.isChanged()) {
			return;
		}
		Throwable failure = deliver(unit.toEvent(this.database, this.ids, AuditOutcome.PENDING, null));
		if (failure != null) {
			throw new AuditFailedException("Database '%s': the unit of work could not be recorded, so %s."
				.formatted(this.database, consequence), failure);
		}
		unit.announced();
	}

	/**
	 * Records the end of a unit. A failure to do so is logged: it is too late to fail.
	 * @param unit the unit
	 * @param outcome how it ended
	 * @param failure the failure or {@code null} if there is none
	 */
	public void end(UnitOfWork unit, AuditOutcome outcome, @Nullable String failure) {
		unit.end();
		if (!unit.isRecorded()) {
			return;
		}
		AuditOutcome known = (outcome == AuditOutcome.ROLLED_BACK && unit.isDoubtful()) ? AuditOutcome.UNKNOWN
				: outcome;
		adder(known).increment();
		if (unit.getUser().isUnknown()) {
			this.unknownUsers.increment();
		}
		deliver(unit.toEvent(this.database, this.ids, known, failure));
	}

	/**
	 * Passes an event to all sinks, even if one of them fails.
	 * @return the first failure or {@code null} if there is none
	 */
	private @Nullable Throwable deliver(AuditEvent event) {
		Throwable failure = null;
		Boolean outer = this.recording.get();
		this.recording.set(Boolean.TRUE);
		try {
			for (AuditSink sink : this.sinks.get()) {
				failure = firstOf(failure, record(sink, event));
			}
		}
		catch (RuntimeException ex) {
			failure = firstOf(failure, ex);
		}
		finally {
			if (outer == null) {
				this.recording.remove();
			}
		}
		count(event, failure);
		return failure;
	}

	private void count(AuditEvent event, @Nullable Throwable failure) {
		if (failure != null) {
			this.failures.increment();
			this.failureLog.failed(event, failure);
		}
	}

	private static @Nullable Throwable record(AuditSink sink, AuditEvent event) {
		try {
			sink.record(event);
			return null;
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			return ex;
		}
	}

	private static @Nullable Throwable firstOf(@Nullable Throwable first, @Nullable Throwable second) {
		if (first != null && second != null && first != second) {
			first.addSuppressed(second);
		}
		return (first != null) ? first : second;
	}

	/**
	 * Creates the exception for a sink that uses the database it records.
	 * @return the exception
	 */
	public AuditFailedException createRejection() {
		return new AuditFailedException(
				"AuditSink must not use '%s': it would wait for a connection while it holds one, and its own statements would be audited (infinite recursion). Declare another database, with its own login, for what the sink writes."
					.formatted(this.database),
				null);
	}

	/**
	 * Returns how many units have ended with an outcome.
	 * @param outcome the outcome
	 * @return the number
	 */
	public long getEvents(AuditOutcome outcome) {
		return adder(outcome).sum();
	}

	/**
	 * Returns how many events a sink has failed to record.
	 * @return the number
	 */
	public long getFailures() {
		return this.failures.sum();
	}

	/**
	 * Returns how many units had no known user.
	 * @return the number
	 */
	public long getUnknownUsers() {
		return this.unknownUsers.sum();
	}

	private LongAdder adder(AuditOutcome outcome) {
		return Objects.requireNonNull(this.events.get(outcome));
	}

}
