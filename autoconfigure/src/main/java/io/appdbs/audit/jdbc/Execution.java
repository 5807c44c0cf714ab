package io.appdbs.audit.jdbc;

import java.util.List;

import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.ExecutedStatement;
import io.appdbs.audit.unit.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * One call that executes a statement or a batch. Outside of a transaction it is a unit of
 * work, which ends when its rows have been read.
 */
final class Execution {

	private final AuditTrail trail;

	private final UnitOfWork unit;

	private final boolean single;

	private final List<Part> parts;

	private final List<ExecutedStatement> statements;

	private boolean ended;

	Execution(AuditTrail trail, UnitOfWork unit, boolean single, List<Part> parts, List<ExecutedStatement> statements) {
		this.trail = trail;
		this.unit = unit;
		this.single = single;
		this.parts = parts;
		this.statements = statements;
	}

	UnitOfWork getUnit() {
		return this.unit;
	}

	boolean isSingle() {
		return this.single;
	}

	List<Part> getParts() {
		return this.parts;
	}

	/**
	 * Returns whether there are several statements, of which some may have been executed
	 * if one fails.
	 */
	boolean isSeveral() {
		Part first = this.parts.get(0);
		return this.parts.size() > 1 || first.executions() > 1 || first.sql().several();
	}

	/**
	 * Returns whether the rows of the result are counted.
	 */
	boolean isCounted() {
		return !this.statements.isEmpty();
	}

	boolean isWrite() {
		return this.parts.stream().anyMatch((part) -> part.sql().write());
	}

	/**
	 * Adds rows to the last statement.
	 */
	void addRows(long rows) {
		if (isCounted()) {
			this.statements.get(this.statements.size() - 1).addRows(rows);
		}
	}

	/**
	 * Adds the counts of a batch, in the order of its statements.
	 */
	void addCounts(long[] counts) {
		if (this.statements.size() != this.parts.size()) {
			// reads in between are not recorded, so it is not known whose counts these
			// are
			return;
		}
		int position = 0;
		for (int i = 0; i < this.parts.size(); i++) {
			for (long n = 0; n < this.parts.get(i).executions() && position < counts.length; n++) {
				long count = counts[position++];
				if (count >= 0) {
					this.statements.get(i).addRows(count);
				}
			}
		}
	}

	/**
	 * Records the failure of the last statement: the driver does not tell which one it
	 * was.
	 */
	void fail(String failure) {
		if (isCounted()) {
			int last = this.statements.size() - 1;
			long executions = (this.statements.size() == this.parts.size()) ? this.parts.get(last).executions() : 1;
			this.unit.fail(this.statements.get(last), executions, failure);
		}
	}

	/**
	 * Ends the unit of work, unless this is a part of a transaction.
	 */
	void end(AuditOutcome outcome, @Nullable String failure) {
		if (this.single && !this.ended) {
			this.ended = true;
			this.trail.end(this.unit, outcome, failure);
		}
	}

	/**
	 * A statement, or equal ones of a batch.
	 *
	 * @param sql the statement
	 * @param executions the number of executions
	 */
	record Part(SqlText sql, long executions) {

	}

}
