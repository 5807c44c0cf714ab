package io.appdbs.query.jdbc;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.appdbs.query.ExecutedQuery;
import io.appdbs.query.QueryLog;

/**
 * A query that is logged once, when it is known how many rows it has or that nobody will
 * tell.
 */
class PendingQuery {

	private static final long UNKNOWN = -1;

	private final QueryLog log;

	private final ExecutedQuery query;

	private final AtomicLong rows = new AtomicLong(UNKNOWN);

	private final AtomicBoolean logged = new AtomicBoolean();

	PendingQuery(QueryLog log, ExecutedQuery query) {
		this.log = log;
		this.query = query;
	}

	void setRows(long rows) {
		this.rows.set(rows);
	}

	void addRow() {
		this.rows.incrementAndGet();
	}

	void end() {
		if (this.logged.compareAndSet(false, true)) {
			long rows = this.rows.get();
			this.log.write(this.query, (rows != UNKNOWN) ? rows : null);
		}
	}

}
