package io.appdbs.audit.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.audit.AuditFailedException;
import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.jdbc.Execution.Part;
import io.appdbs.audit.jdbc.SqlText.Control;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.ExecutedStatement;
import io.appdbs.audit.unit.UnitOfWork;
import io.appdbs.audit.unit.UnitOfWork.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The units of work of one borrowed connection. Used by the thread that holds the
 * connection, which another one can abort.
 */
final class AuditSession {

	private final AuditedDatabase database;

	private final AuditTrail trail;

	private final Connection connection;

	private final Savepoints savepoints = new Savepoints();

	private final TransactionFailures failures = new TransactionFailures();

	private @Nullable UnitOfWork transaction;

	/** Whether SQL has begun the transaction, although there is auto-commit. */
	private boolean begunBySql;

	/** What a commit by SQL means if it succeeds. */
	private AuditOutcome commitOutcome = AuditOutcome.COMMITTED;

	AuditSession(AuditedDatabase database, Connection connection) {
		this.database = database;
		this.trail = database.getTrail();
		this.connection = connection;
	}

	SqlText read(@Nullable Object sql) {
		return this.database.read(sql);
	}

	/**
	 * Returns whether a statement is recorded. What ends a transaction is its outcome.
	 */
	private boolean isRecorded(SqlText sql) {
		return sql.write() || (this.trail.hasReads() && (sql.several() || sql.control() == Control.NONE));
	}

	/**
	 * Rejects what a sink does with the database whose event it records.
	 */
	void checkNotRecording() throws AuditFailedException {
		if (this.trail.isRecording()) {
			throw this.trail.createRejection();
		}
	}

	/**
	 * Begins to execute statements. They must not be executed if this fails.
	 */
	Execution begin(List<Part> parts) throws SQLException {
		checkNotRecording();
		SqlText last = parts.get(parts.size() - 1).sql();
		boolean single = this.connection.getAutoCommit() && !this.begunBySql && last.control() != Control.BEGIN;
		boolean committed = !single && last.dataDefinition() && last.control() == Control.NONE
				&& this.database.isDataDefinitionCommitted(this.connection);
		if (committed) {
			announceCommit();
		}
		this.commitOutcome = getCommitOutcome();
		UnitOfWork unit = (single || committed) ? this.trail.begin() : getTransaction();
		Execution execution = new Execution(this.trail, unit, single || committed, parts, add(unit, parts));
		if (single || committed || parts.stream().anyMatch((part) -> part.sql().committing())) {
			announce(execution);
		}
		return execution;
	}

	private List<ExecutedStatement> add(UnitOfWork unit, List<Part> parts) {
		List<ExecutedStatement> statements = List.of();
		Origin origin = null;
		for (Part part : parts) {
			if (isRecorded(part.sql())) {
				origin = (origin != null) ? origin : this.trail.getOrigin();
				statements = (statements.isEmpty()) ? new ArrayList<>(1) : statements;
				statements.add(unit.add(part.sql().text(), part.sql().write(), part.executions(), origin));
			}
		}
		return statements;
	}

	private void announceCommit() throws SQLException {
		UnitOfWork unit = this.transaction;
		if (unit != null) {
			this.trail.announce(unit, "the statement that would commit it was not executed");
		}
	}

	private void announce(Execution execution) throws SQLException {
		try {
			this.trail.announce(execution.getUnit(), "the statement was not executed");
		}
		catch (AuditFailedException ex) {
			execution.fail(SqlFailures.describe(ex));
			execution.end(AuditOutcome.FAILED, SqlFailures.describe(ex));
			throw ex;
		}
	}

	/**
	 * Handles that statements have been executed.
	 */
	void succeed(Execution execution) {
		SqlText sql = execution.getParts().get(execution.getParts().size() - 1).sql();
		switch (sql.control()) {
			case BEGIN -> {
				endImplicitly(sql);
				this.begunBySql = true;
			}
			case COMMIT, COMMIT_AND_CHAIN -> end(execution, this.commitOutcome, sql.control());
			case ROLLBACK, ROLLBACK_AND_CHAIN -> end(execution, AuditOutcome.ROLLED_BACK, sql.control());
			case PREPARE -> end(execution, AuditOutcome.UNKNOWN, sql.control());
			case SAVEPOINT -> this.savepoints.set(String.valueOf(sql.savepoint()), execution.getUnit().mark());
			case ROLLBACK_TO -> undo(this.savepoints.get(String.valueOf(sql.savepoint())));
			default -> endImplicitly(sql);
		}
	}

	private void end(Execution execution, AuditOutcome outcome, Control control) {
		execution.end(outcome, null);
		endTransaction(outcome, null);
		this.begunBySql &= control == Control.COMMIT_AND_CHAIN || control == Control.ROLLBACK_AND_CHAIN;
	}

	/**
	 * Ends the transaction that the server has committed before a statement.
	 */
	private void endImplicitly(SqlText sql) {
		if (sql.dataDefinition() && this.transaction != null) {
			try {
				if (this.database.isDataDefinitionCommitted(this.connection)) {
					endTransaction(AuditOutcome.COMMITTED, null);
				}
			}
			catch (SQLException ex) {
				this.transaction.doubt();
			}
		}
	}

	/**
	 * Handles that the execution of statements, or reading their rows, has failed.
	 */
	void fail(Execution execution, Throwable failure) {
		String text = SqlFailures.describe(failure);
		execution.fail(text);
		if (!execution.isSingle()) {
			this.failures.add(failure);
		}
		SqlText sql = execution.getParts().get(execution.getParts().size() - 1).sql();
		UnitOfWork unit = this.transaction;
		if (execution.isSingle()) {
			execution.end(getOutcome(execution, failure), text);
			if (unit != null) {
				// it was to be committed before the statement
				unit.doubt();
			}
		}
		else if (sql.control() == Control.COMMIT || sql.control() == Control.COMMIT_AND_CHAIN) {
			endTransaction(SqlFailures.getOutcome(failure, this.connection), text);
			this.begunBySql = false;
		}
	}

	/**
	 * Handles that the application has the driver's own connection.
	 */
	void unwrapped(Execution execution) {
		execution.end(AuditOutcome.COMMITTED, null);
		if (!execution.isSingle()) {
			this.failures.suspect();
		}
	}

	/**
	 * Returns what it means if a commit succeeds now.
	 */
	private AuditOutcome getCommitOutcome() {
		return this.failures.getCommitOutcome(this.connection, this.database.getSyntax());
	}

	private AuditOutcome getOutcome(Execution execution, Throwable failure) {
		if (!execution.isWrite()) {
			return AuditOutcome.FAILED;
		}
		return execution.isSeveral() ? AuditOutcome.UNKNOWN : SqlFailures.getOutcome(failure, this.connection);
	}

	private UnitOfWork getTransaction() {
		UnitOfWork unit = this.transaction;
		if (unit == null) {
			unit = this.trail.begin();
			this.transaction = unit;
		}
		return unit;
	}

	/**
	 * Commits the transaction. If it cannot be recorded, it is rolled back.
	 */
	@Nullable Object commit(SqlCall call) throws Throwable {
		checkNotRecording();
		if (this.transaction != null) {
			announceOrRollBack(this.transaction);
		}
		AuditOutcome outcome = getCommitOutcome();
		UnitOfWork unit = take();
		Object result;
		try {
			result = call.run();
		}
		catch (Throwable ex) {
			if (unit != null) {
				this.trail.end(unit, SqlFailures.getOutcome(ex, this.connection), SqlFailures.describe(ex));
			}
			throw ex;
		}
		if (unit != null) {
			this.trail.end(unit, outcome, null);
		}
		return result;
	}

	private void announceOrRollBack(UnitOfWork unit) throws SQLException {
		try {
			this.trail.announce(unit, "it was rolled back");
		}
		catch (AuditFailedException ex) {
			try {
				this.connection.rollback();
			}
			catch (SQLException rollbackFailure) {
				// it stays the transaction, so that nothing else commits it
				ex.addSuppressed(rollbackFailure);
				throw ex;
			}
			endTransaction(AuditOutcome.ROLLED_BACK, SqlFailures.describe(ex));
			throw ex;
		}
	}

	/**
	 * Runs a call after which the transaction does not exist anymore.
	 */
	@Nullable Object rollBack(SqlCall call) throws Throwable {
		checkNotRecording();
		try {
			return call.run();
		}
		finally {
			endTransaction(AuditOutcome.ROLLED_BACK, null);
		}
	}

	/**
	 * Ends the transaction when the connection is closed. The pool rolls back what was
	 * begun through JDBC.
	 */
	void close() {
		endTransaction(this.begunBySql ? AuditOutcome.UNKNOWN : AuditOutcome.ROLLED_BACK, null);
		this.begunBySql = false;
	}

	void set(Savepoint savepoint) {
		this.savepoints.set(savepoint, getTransaction().mark());
	}

	void undo(Savepoint savepoint) {
		undo(this.savepoints.get(savepoint));
	}

	private void undo(@Nullable Integer mark) {
		this.failures.clear();
		UnitOfWork unit = this.transaction;
		if (unit != null && mark != null) {
			unit.undo(mark);
		}
	}

	private void endTransaction(AuditOutcome outcome, @Nullable String failure) {
		UnitOfWork unit = take();
		if (unit != null) {
			this.trail.end(unit, outcome, failure);
		}
	}

	/**
	 * Takes the transaction, so that no other thread ends it as well.
	 */
	private synchronized @Nullable UnitOfWork take() {
		UnitOfWork unit = this.transaction;
		this.transaction = null;
		this.savepoints.clear();
		this.failures.clear();
		return unit;
	}

}
