package io.appdbs.mongo.command;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.UnitOfWork;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonNumber;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of sessions, by the session. A session has one at a time.
 */
final class SessionTransactions {

	private final AuditTrail trail;

	private final Map<BsonBinary, SessionTransaction> transactions = new ConcurrentHashMap<>();

	SessionTransactions(AuditTrail trail) {
		this.trail = trail;
	}

	/**
	 * Returns the transaction of a command, which begins it if there is none.
	 * @return the transaction or {@code null} if the command is not part of one
	 */
	@Nullable SessionTransaction get(BsonDocument command) {
		if (!BsonBoolean.FALSE.equals(command.get("autocommit")) || !(command.get("lsid") instanceof BsonDocument lsid)
				|| !(lsid.get("id") instanceof BsonBinary session)
				|| !(command.get("txnNumber") instanceof BsonNumber number)) {
			return null;
		}
		SessionTransaction transaction = this.transactions.get(session);
		if (transaction == null || transaction.number() != number.longValue()) {
			SessionTransaction former = transaction;
			transaction = new SessionTransaction(session, number.longValue(), this.trail.begin());
			this.transactions.put(session, transaction);
			if (former != null) {
				// the server aborts it when the next one begins
				abort(former);
			}
		}
		return transaction;
	}

	/**
	 * Ends a transaction. If it is unknown whether it was committed, a repeated commit
	 * can end it again.
	 */
	void end(SessionTransaction transaction, AuditOutcome outcome, @Nullable String failure) {
		if (outcome != AuditOutcome.UNKNOWN) {
			this.transactions.remove(transaction.session(), transaction);
		}
		this.trail.end(transaction.unit(), outcome, failure);
	}

	/**
	 * Ends all transactions: closing the client has aborted them.
	 */
	void close() {
		this.transactions.values().removeIf((transaction) -> {
			abort(transaction);
			return true;
		});
	}

	private void abort(SessionTransaction transaction) {
		if (!transaction.unit().isEnded()) {
			this.trail.end(transaction.unit(), AuditOutcome.ROLLED_BACK, null);
		}
	}

	/**
	 * A transaction of a session.
	 *
	 * @param session the identifier of the session
	 * @param number the number of the transaction
	 * @param unit what has been done in it
	 */
	record SessionTransaction(BsonBinary session, long number, UnitOfWork unit) {

	}

}
