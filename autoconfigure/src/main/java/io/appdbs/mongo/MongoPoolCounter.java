package io.appdbs.mongo;

import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.event.ConnectionCheckOutFailedEvent;
import com.mongodb.event.ConnectionCheckOutStartedEvent;
import com.mongodb.event.ConnectionCheckedInEvent;
import com.mongodb.event.ConnectionCheckedOutEvent;
import com.mongodb.event.ConnectionClosedEvent;
import com.mongodb.event.ConnectionCreatedEvent;
import com.mongodb.event.ConnectionPoolListener;
import io.appdbs.PoolUsage;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.lifecycle.statistics.BorrowFailure;

/**
 * Counts the connections of the clients of a database to all servers, as the driver has
 * no such figure.
 */
final class MongoPoolCounter implements ConnectionPoolListener {

	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicInteger waiting = new AtomicInteger();

	private final DatabaseAvailability availability;

	MongoPoolCounter(DatabaseAvailability availability) {
		this.availability = availability;
	}

	@Override
	public void connectionCreated(ConnectionCreatedEvent event) {
		this.open.incrementAndGet();
	}

	@Override
	public void connectionClosed(ConnectionClosedEvent event) {
		this.open.decrementAndGet();
	}

	@Override
	public void connectionCheckOutStarted(ConnectionCheckOutStartedEvent event) {
		this.waiting.incrementAndGet();
	}

	@Override
	public void connectionCheckedOut(ConnectionCheckedOutEvent event) {
		this.waiting.decrementAndGet();
		this.active.incrementAndGet();
	}

	@Override
	public void connectionCheckOutFailed(ConnectionCheckOutFailedEvent event) {
		this.waiting.decrementAndGet();
		this.availability.borrowFailed((event.getReason() == ConnectionCheckOutFailedEvent.Reason.TIMEOUT)
				? BorrowFailure.EXHAUSTED : BorrowFailure.ERROR);
	}

	@Override
	public void connectionCheckedIn(ConnectionCheckedInEvent event) {
		this.active.decrementAndGet();
	}

	PoolUsage getUsage(int maximum) {
		int active = this.active.get();
		return new PoolUsage(active, Math.max(0, this.open.get() - active), this.waiting.get(), maximum);
	}

}
