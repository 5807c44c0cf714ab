package io.appdbs.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a pool at one moment.
 *
 * @param active connections in use
 * @param idle connections that nobody uses
 * @param waiting threads that wait for a connection
 * @param maximum connections that the pool opens at most
 */
record PoolState(int active, int idle, int waiting, int maximum) {

	static PoolState of(HikariDataSource pool) {
		HikariPoolMXBean bean = pool.getHikariPoolMXBean();
		return new PoolState(bean.getActiveConnections(), bean.getIdleConnections(),
				bean.getThreadsAwaitingConnection(), pool.getMaximumPoolSize());
	}

	String describe(String database, HikariDataSource pool, @Nullable Borrowers borrowers) {
		String holders = (borrowers != null) ? " Held by " + borrowers.describe() + "."
				: " Set 'app.dbs.%s.pool.leak-threshold' to see who holds the connections.".formatted(database);
		return "Database '%s' is up, but its pool had no connection to give within %d ms: active %d, idle %d, waiting %d, maximum %d.%s"
			.formatted(database, pool.getConnectionTimeout(), this.active, this.idle, this.waiting, this.maximum,
					holders);
	}

}
