package io.appdbs.testsupport.documentdb;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * The sessions that clients have used and not ended.
 */
final class Sessions {

	private final Map<BsonDocument, Session> sessions = new ConcurrentHashMap<>();

	private final AtomicInteger ended = new AtomicInteger();

	private final SqlConnections connections;

	/**
	 * Creates a new {@link Sessions}.
	 * @param connections the connections for transactions
	 */
	Sessions(SqlConnections connections) {
		this.connections = connections;
	}

	Session get(BsonDocument id) {
		return this.sessions.computeIfAbsent(id, (key) -> new Session(this.connections));
	}

	/**
	 * Ends sessions and aborts their transactions.
	 * @param ids the identifiers
	 */
	void end(BsonArray ids) throws SQLException {
		for (BsonValue id : ids) {
			Session session = this.sessions.remove(id.asDocument());
			if (session != null) {
				this.ended.incrementAndGet();
				session.abort();
			}
		}
	}

	/**
	 * Aborts all transactions, as a server does that steps down.
	 */
	void abortAll() {
		for (Session session : this.sessions.values()) {
			try {
				session.abort();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	int count() {
		return this.sessions.size();
	}

	int countInTransaction() {
		return (int) this.sessions.values().stream().filter(Session::isInTransaction).count();
	}

	int countEnded() {
		return this.ended.get();
	}

}
