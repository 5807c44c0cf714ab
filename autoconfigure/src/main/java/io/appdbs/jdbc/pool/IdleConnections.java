package io.appdbs.jdbc.pool;

import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.appdbs.settings.ConnectionAdmission.Holder;

/**
 * The idle connections of a pool whose database shares a limit on connections with
 * others.
 */
final class IdleConnections implements Holder {

	private final HikariDataSource dataSource;

	private final ValidatedConnections validated;

	/** The pool is asked for connections although nobody borrows one. */
	private volatile boolean verifying;

	IdleConnections(HikariDataSource dataSource, ValidatedConnections validated) {
		this.dataSource = dataSource;
		this.validated = validated;
	}

	void setVerifying(boolean verifying) {
		this.verifying = verifying;
	}

	/**
	 * Returns whether the pool still needs a connection that it asked for.
	 */
	boolean isNeeded() {
		return this.verifying || (!this.dataSource.isClosed() && (pool().getThreadsAwaitingConnection() > 0
				|| getIdle() < this.dataSource.getHikariConfigMXBean().getMinimumIdle()));
	}

	@Override
	public int getIdle() {
		return pool().getIdleConnections();
	}

	@Override
	public int getActive() {
		return pool().getActiveConnections();
	}

	/**
	 * Borrows an idle connection, without asking the server whether it still answers, and
	 * evicts it. The pool can otherwise evict all of its connections only.
	 */
	@Override
	public boolean giveBack() {
		if (this.verifying || getIdle() == 0 || pool().getThreadsAwaitingConnection() > 0) {
			return false;
		}
		return this.validated.withoutValidation(() -> {
			try {
				this.dataSource.evictConnection(pool().getConnection(1));
				addForWaiting(pool());
				return true;
			}
			catch (SQLException ex) {
				// borrowed by somebody else
				return false;
			}
		});
	}

	@Override
	public void retire() {
		replace(pool());
	}

	/**
	 * Closes idle connections now, and others when they are returned.
	 */
	static void replace(HikariPool pool) {
		pool.softEvictConnections();
		addForWaiting(pool);
	}

	/**
	 * A caller may have begun to wait for a connection that was idle. The pool does not
	 * open another one when it is evicted.
	 */
	private static void addForWaiting(HikariPool pool) {
		int waiting = pool.getThreadsAwaitingConnection();
		if (waiting > 0) {
			pool.addBagItem(waiting);
		}
	}

	private HikariPool pool() {
		return (HikariPool) this.dataSource.getHikariPoolMXBean();
	}

}
