package io.appdbs.jdbc;

import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import net.ttddyy.dsproxy.ConnectionInfo;

/**
 * The results of a connection that are being read. Whoever closes a statement, or a
 * connection, need not close its results.
 */
class OpenResults extends ConnectionInfo {

	private final Map<Statement, CountedRows> byStatement = Collections.synchronizedMap(new IdentityHashMap<>());

	void add(Statement statement, CountedRows rows) {
		CountedRows previous = this.byStatement.put(statement, rows);
		if (previous != null) {
			previous.end();
		}
	}

	void end(Statement statement) {
		CountedRows rows = this.byStatement.remove(statement);
		if (rows != null) {
			rows.end();
		}
	}

	void endAll() {
		List<Statement> statements;
		synchronized (this.byStatement) {
			statements = List.copyOf(this.byStatement.keySet());
		}
		statements.forEach(this::end);
	}

}
