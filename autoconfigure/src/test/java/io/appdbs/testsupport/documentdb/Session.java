package io.appdbs.testsupport.documentdb;

import java.sql.Connection;
import java.sql.SQLException;

import org.bson.BsonDocument;

/**
 * A session of a client, and its last transaction. A client uses a session on one thread
 * at a time.
 */
final class Session {

	private final SqlConnections connections;

	private long transactionNumber = -1;

	private Connection connection;

	private boolean committed;

	private BsonDocument retryableReply;

	/**
	 * Creates a new {@link Session}.
	 * @param connections the connections for transactions
	 */
	Session(SqlConnections connections) {
		this.connections = connections;
	}

	/**
	 * Starts a transaction, and aborts one that is still open.
	 */
	synchronized void begin(long number) throws SQLException {
		abort();
		this.transactionNumber = number;
		this.committed = false;
		this.connection = this.connections.take();
		this.connection.setAutoCommit(false);
	}

	/**
	 * Executes a command in the open transaction, which is not aborted meanwhile. If the
	 * command fails, the transaction is aborted.
	 * @throws CommandException if there is no such transaction
	 */
	synchronized <T> T execute(long number, Work<T> work) throws SQLException, CommandException {
		try {
			return work.execute(getConnection(number));
		}
		catch (SQLException | CommandException ex) {
			abort();
			throw ex;
		}
	}

	private Connection getConnection(long number) throws CommandException {
		if (this.connection == null || number != this.transactionNumber) {
			throw noSuchTransaction(number);
		}
		return this.connection;
	}

	private static CommandException noSuchTransaction(long number) {
		return new CommandException(ErrorCodes.NO_SUCH_TRANSACTION,
				"Given transaction number " + number + " does not match any in-progress transactions.");
	}

	/**
	 * Commits the transaction. Another attempt has the same result.
	 * @throws CommandException if there is no such transaction
	 */
	synchronized void commit(long number) throws SQLException, CommandException {
		if (number == this.transactionNumber && this.committed) {
			return;
		}
		Connection connection = getConnection(number);
		try {
			connection.commit();
			this.committed = true;
		}
		finally {
			release();
		}
	}

	/**
	 * Rolls back the transaction if there is one.
	 */
	synchronized void abort() throws SQLException {
		if (this.connection != null) {
			release();
		}
	}

	synchronized boolean isInTransaction() {
		return this.connection != null;
	}

	private void release() throws SQLException {
		Connection connection = this.connection;
		this.connection = null;
		connection.rollback();
		connection.setAutoCommit(true);
		this.connections.release(connection);
	}

	/**
	 * Returns the reply to a write outside of a transaction that the client has sent
	 * before.
	 * @return the reply or {@code null} if it is the first attempt
	 */
	synchronized BsonDocument findReply(long number) {
		return (number == this.transactionNumber) ? this.retryableReply : null;
	}

	synchronized void remember(long number, BsonDocument reply) {
		this.transactionNumber = number;
		this.retryableReply = reply;
	}

	/**
	 * Executes a command.
	 *
	 * @param <T> the type of the result
	 */
	interface Work<T> {

		T execute(Connection connection) throws SQLException, CommandException;

	}

}
