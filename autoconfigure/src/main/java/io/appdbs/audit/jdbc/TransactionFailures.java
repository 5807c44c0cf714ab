package io.appdbs.audit.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import io.appdbs.audit.AuditOutcome;
import io.appdbs.engine.sql.SqlSyntax;
import org.postgresql.core.BaseConnection;

/**
 * The failures of statements in a transaction, after which a commit can succeed although
 * the server has rolled back.
 */
final class TransactionFailures {

	/** The class of the SQLSTATEs with which a server ends a transaction. */
	private static final String ROLLBACK = "40";

	private boolean failed;

	private boolean ended;

	void add(Throwable failure) {
		this.failed = true;
		this.ended |= failure instanceof SQLException ex && ex.getSQLState() != null
				&& ex.getSQLState().startsWith(ROLLBACK);
	}

	/**
	 * Records that statements can have failed without being noticed here.
	 */
	void suspect() {
		this.failed = true;
	}

	/**
	 * Forgets the failures: the transaction has ended or was rolled back to a savepoint.
	 */
	void clear() {
		this.failed = false;
		this.ended = false;
	}

	/**
	 * Returns what it means if a commit succeeds now.
	 */
	AuditOutcome getCommitOutcome(Connection connection, SqlSyntax syntax) {
		if (!this.failed) {
			return AuditOutcome.COMMITTED;
		}
		return switch (syntax) {
			case POSTGRESQL -> PostgreSql.getCommitOutcome(connection);
			case MYSQL, H2 -> this.ended ? AuditOutcome.UNKNOWN : AuditOutcome.COMMITTED;
			default -> AuditOutcome.UNKNOWN;
		};
	}

	/**
	 * Loaded only if the driver of PostgreSQL is used.
	 */
	private static final class PostgreSql {

		/**
		 * Asks the driver, which knows whether the server has rejected a statement, or
		 * the driver has.
		 */
		static AuditOutcome getCommitOutcome(Connection connection) {
			try {
				return switch (connection.unwrap(BaseConnection.class).getTransactionState()) {
					case OPEN -> AuditOutcome.COMMITTED;
					case FAILED -> AuditOutcome.ROLLED_BACK;
					case IDLE -> AuditOutcome.UNKNOWN;
				};
			}
			catch (SQLException | LinkageError ex) {
				return AuditOutcome.UNKNOWN;
			}
		}

	}

}
