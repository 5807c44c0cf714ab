package io.appdbs.audit.unit;

import io.appdbs.audit.AuditStatement;
import io.appdbs.audit.AuditUser;
import org.jspecify.annotations.Nullable;

/**
 * Equal statements of a {@link UnitOfWork} that were executed one after the other.
 */
public final class ExecutedStatement {

	private final String text;

	private final AuditUser user;

	private final boolean write;

	private long executions;

	private @Nullable Long rows;

	private @Nullable String failure;

	private boolean undone;

	ExecutedStatement(String text, AuditUser user, boolean write, long executions) {
		this.text = text;
		this.user = user;
		this.write = write;
		this.executions = executions;
	}

	boolean isLike(String text, AuditUser user) {
		return this.failure == null && this.text.equals(text) && this.user.equals(user);
	}

	void repeat(long executions) {
		this.executions += executions;
	}

	/**
	 * Adds rows that were written or read.
	 * @param rows the number of rows
	 */
	public void addRows(long rows) {
		this.rows = ((this.rows != null) ? this.rows : 0) + rows;
	}

	/**
	 * Separates the last executions, which have failed.
	 * @return the failed ones
	 */
	ExecutedStatement fail(long failed, String failure) {
		ExecutedStatement statement = this;
		if (this.executions > failed) {
			this.executions -= failed;
			statement = new ExecutedStatement(this.text, this.user, this.write, failed);
		}
		statement.failure = failure;
		return statement;
	}

	void undo() {
		this.undone = true;
	}

	AuditStatement toAuditStatement() {
		return new AuditStatement(this.text, this.user, this.write, this.executions, this.rows, this.failure,
				this.undone);
	}

}
