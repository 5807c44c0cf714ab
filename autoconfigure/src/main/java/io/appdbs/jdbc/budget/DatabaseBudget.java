package io.appdbs.jdbc.budget;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

import io.appdbs.settings.ConnectionAdmission;
import org.jspecify.annotations.Nullable;

/**
 * The part of one database in a {@link ConnectionBudget}. Closed after the database, when
 * all its connections have been closed or aborted.
 */
public final class DatabaseBudget implements ConnectionAdmission, AutoCloseable {

	private final String name;

	private final Permits permits;

	private final RuntimeThreads threads;

	private volatile @Nullable String rejection;

	private volatile boolean closed;

	DatabaseBudget(String name, Permits permits, RuntimeThreads threads) {
		this.name = name;
		this.permits = permits;
		this.threads = threads;
	}

	String getName() {
		return this.name;
	}

	boolean isClosed() {
		return this.closed;
	}

	@Override
	public Permit acquire(Request request) throws ConnectionBudgetException, InterruptedException {
		if (this.closed) {
			throw new ConnectionBudgetException(describeRemoval());
		}
		try {
			Ticket ticket = this.permits.acquire(this, request);
			this.rejection = null;
			if (this.closed) {
				ticket.release();
				throw new ConnectionBudgetException(describeRemoval());
			}
			return ticket;
		}
		catch (ConnectionBudgetException ex) {
			this.rejection = ex.getMessage();
			throw ex;
		}
	}

	@Override
	public @Nullable String describeShortage() {
		String waitsFor = this.permits.describe(this);
		return (waitsFor != null) ? waitsFor : this.rejection;
	}

	@Override
	public ScheduledExecutorService getScheduler() {
		return this.threads.scheduler();
	}

	@Override
	public Executor getConnectExecutor() {
		return this.threads.connector();
	}

	@Override
	public ThreadFactory getThreadFactory() {
		return this.threads.poolThreads();
	}

	private String describeRemoval() {
		return "Database '%s' is being removed.".formatted(this.name);
	}

	/**
	 * Rejects further connections, and those that wait. Connections that are being opened
	 * keep their permit until the attempt has ended.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.permits.remove(this, describeRemoval());
	}

	@Override
	public String toString() {
		return "DatabaseBudget[" + this.name + "]";
	}

}
