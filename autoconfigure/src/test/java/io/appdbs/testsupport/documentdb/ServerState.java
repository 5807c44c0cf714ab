package io.appdbs.testsupport.documentdb;

import java.sql.Connection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the members of a replica set share.
 *
 * @param connections the connections for commands outside of transactions
 * @param transactions the connections for transactions
 */
record ServerState(SqlConnections connections, SqlConnections transactions, Sessions sessions, Cursors cursors,
		SqlCommands commands, Users users, Failures failures, Map<String, AtomicInteger> counts,
		Topology topology) implements AutoCloseable {

	static ServerState create(String url) {
		SqlConnections connections = new SqlConnections(url, Connection.TRANSACTION_READ_COMMITTED);
		// a server of MongoDB waits for a few milliseconds only
		SqlConnections transactions = new SqlConnections(url + "&options=-c%20lock_timeout=1000",
				Connection.TRANSACTION_REPEATABLE_READ);
		Cursors cursors = new Cursors(connections);
		return new ServerState(connections, transactions, new Sessions(transactions), cursors, new SqlCommands(cursors),
				new Users(), new Failures(), new ConcurrentHashMap<>(), new Topology());
	}

	void count(String command) {
		this.counts.computeIfAbsent(command, (name) -> new AtomicInteger()).incrementAndGet();
	}

	@Override
	public void close() {
		this.connections.close();
		this.transactions.close();
	}

}
