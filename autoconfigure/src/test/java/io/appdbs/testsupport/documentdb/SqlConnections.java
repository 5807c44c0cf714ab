package io.appdbs.testsupport.documentdb;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Connections to the engine. They are reused, and opened without a limit.
 */
final class SqlConnections implements AutoCloseable {

	private final String url;

	private final int isolation;

	private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

	private final Collection<Connection> all = new ConcurrentLinkedQueue<>();

	SqlConnections(String url, int isolation) {
		this.url = url;
		this.isolation = isolation;
	}

	Connection take() throws SQLException {
		Connection connection = this.idle.poll();
		if (connection == null) {
			connection = DriverManager.getConnection(this.url);
			this.all.add(connection);
			connection.setTransactionIsolation(this.isolation);
		}
		return connection;
	}

	void release(Connection connection) {
		this.idle.push(connection);
	}

	@Override
	public void close() {
		for (Connection connection : this.all) {
			try {
				connection.abort(Runnable::run);
			}
			catch (SQLException ex) {
				// the other ones are closed anyway
			}
		}
	}

}
