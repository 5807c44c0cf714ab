package io.appdbs.mongo;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import io.appdbs.DatabaseOutage;
import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The client of a database that was added at run time. It is opened by the first
 * operation, as each client of the driver has its own threads and connections, and closed
 * while nobody uses the database. When the database has been removed, the client that the
 * application holds rejects every operation.
 */
final class OnDemandClient extends BlockingClient {

	private final Proxy proxy = new Proxy();

	/** The sessions that may still be in use. */
	private final Set<ClientSession> sessions = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private volatile long lastUse = System.nanoTime();

	private volatile boolean ended;

	OnDemandClient(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, MongoPoolCounter pool, CommandLogs logs) {
		super(definition, availability, customizers, pool, logs);
	}

	@Override
	MongoClient begin(DatabaseConnectionDetails details) {
		return this.proxy.getClient();
	}

	@Override
	void closeFormer(MongoClient former) {
		this.proxy.close(former);
	}

	/**
	 * The next operation opens a client with the given details.
	 */
	@Override
	synchronized Runnable use(DatabaseConnectionDetails details) {
		// knows the maximum size of the pool
		createSettings(details);
		if (getDetails() == details) {
			return () -> {
			};
		}
		setDetails(details);
		MongoClient former = this.proxy.replace(null);
		return (former != null) ? () -> retire(former) : () -> {
		};
	}

	/**
	 * Returns the client for an operation. An operation that begins while the client is
	 * being closed either gets another one, or prevents that.
	 */
	private MongoClient acquire() {
		MongoClient client = this.proxy.getCurrent();
		this.lastUse = System.nanoTime();
		if (!this.ended && client != null && client == this.proxy.getCurrent()) {
			return client;
		}
		return open();
	}

	private MongoClient open() {
		if (this.ended) {
			throw createFailure();
		}
		synchronized (this) {
			if (this.ended) {
				throw createFailure();
			}
			MongoClient client = this.proxy.getCurrent();
			if (client == null) {
				client = create(Objects.requireNonNull(getDetails()));
				this.proxy.replace(client);
			}
			return client;
		}
	}

	private RuntimeException createFailure() {
		DatabaseOutage outage = getAvailability().check(Duration.ZERO);
		return (outage != null) ? new MongoDatabaseDownException(outage)
				: new IllegalStateException("The database is being closed");
	}

	boolean isOpen() {
		return this.proxy.getCurrent() != null;
	}

	/**
	 * Returns whether nobody has used the database for some time, and nothing is under
	 * way.
	 */
	boolean isUnusedFor(Duration time) {
		return System.nanoTime() - this.lastUse >= time.toNanos() && getUnderWay() == 0;
	}

	/**
	 * Closes the client unless somebody has used it.
	 */
	void rest(Duration time) {
		MongoClient client = takeUnused(time);
		if (client != null) {
			retire(client);
		}
	}

	private synchronized @Nullable MongoClient takeUnused(Duration time) {
		long lastUse = this.lastUse;
		MongoClient client = isUnusedFor(time) ? this.proxy.replace(null) : null;
		if (client != null && this.lastUse != lastUse) {
			this.proxy.replace(client);
			return null;
		}
		return client;
	}

	/**
	 * Returns how many operations and transactions have begun and not ended.
	 */
	int getUnderWay() {
		PoolUsage usage = getPool().getUsage(0);
		long transactions;
		synchronized (this.sessions) {
			transactions = this.sessions.stream().filter(ClientSession::hasActiveTransaction).count();
		}
		return Math.max(usage.active() + usage.waiting(), (int) transactions);
	}

	/**
	 * Lets new operations fail. Those under way, and those of transactions, go on.
	 */
	void end() {
		this.ended = true;
		endSelection();
	}

	@Override
	void closeLast(MongoClient client) {
		this.ended = true;
		this.proxy.closeCurrent();
	}

	/**
	 * The client that the application holds.
	 */
	private final class Proxy extends RotatingMongoClient {

		Proxy() {
			super(null);
		}

		@Override
		MongoClient acquire() {
			return OnDemandClient.this.acquire();
		}

		@Override
		void begun(ClientSession session) {
			OnDemandClient.this.sessions.add(session);
		}

		@Override
		void closeCurrent() {
			MongoClient client = replace(null);
			if (client != null) {
				retire(client);
			}
		}

	}

}
