package io.appdbs.mongo.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import io.appdbs.mongo.MongoErrorCodes;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one instance that migrates a database. It is a document with the owner and
 * the time of its last renewal, both by the clock of the server, so the clocks of the
 * instances do not matter. A lock that is not renewed for a term can be taken over.
 */
final class MigrationLock implements AutoCloseable {

	static final String ID = "lock";

	private static final Log logger = LogFactory.getLog(MigrationLock.class);

	private static final String OWNER = "owner";

	private static final String HOST = "host";

	private static final String SINCE = "since";

	private static final String RENEWED = "renewedAt";

	/**
	 * Not {@link #RENEWED}: a server may store times with more digits than it returns.
	 */
	private static final String RENEWALS = "renewals";

	private static final String CHECKED = "checkedAt";

	/** How long the lock of the owner is valid, in milliseconds. */
	private static final String TERM = "term";

	private final String database;

	private final MongoCollection<Document> collection;

	private final MigrationInstance instance;

	private final Duration term;

	private final CountDownLatch end = new CountDownLatch(1);

	/** When the last renewal that succeeded was sent. */
	private volatile long renewed;

	private volatile boolean taken;

	/**
	 * Creates a new {@link MigrationLock}.
	 * @param database the name of the database, for messages
	 * @param collection the collection with the lock, whose operations have a time limit
	 * @param instance the instance that takes the lock
	 * @param term how long the lock is valid without being renewed
	 */
	MigrationLock(String database, MongoCollection<Document> collection, MigrationInstance instance, Duration term) {
		this.database = database;
		this.collection = collection;
		this.instance = instance;
		this.term = term;
	}

	/**
	 * Tries to take the lock. If it succeeds, the lock is renewed by a separate thread
	 * until it is closed. A lock that this instance has left behind, for example because
	 * the connection failed, is taken as well.
	 * @return the instance that holds it or {@code null} if it was taken
	 */
	@Nullable Holder tryAcquire() {
		long begin = System.nanoTime();
		Document current = this.collection.findOneAndUpdate(Filters.eq("_id", ID), Updates.currentDate(CHECKED),
				returnAfter());
		boolean own = current != null && this.instance.id().equals(current.get(OWNER));
		if (current != null && !own && !isExpired(current)) {
			return Holder.of(current);
		}
		if (!take(current)) {
			Document other = this.collection.find(Filters.eq("_id", ID)).first();
			return (other != null) ? Holder.of(other) : Holder.UNKNOWN;
		}
		if (current != null && !own) {
			logger.warn("Database '%s': took over the lock of migrations from %s, which has not renewed it since %s"
				.formatted(this.database, Holder.of(current).host(), Holder.of(current).renewed()));
		}
		this.renewed = begin;
		Thread thread = new Thread(this::renew, "appdbs-migration-lock-" + this.database);
		thread.setDaemon(true);
		thread.start();
		return null;
	}

	private boolean isExpired(Document lock) {
		Date renewed = (lock.get(RENEWED) instanceof Date date) ? date : null;
		Date checked = lock.getDate(CHECKED);
		long term = (lock.get(TERM) instanceof Number millis) ? millis.longValue() : this.term.toMillis();
		return renewed == null || checked.getTime() - renewed.getTime() > term;
	}

	/**
	 * Takes the lock unless another instance is faster.
	 * @param expired the lock that has expired or {@code null} if there was none
	 */
	private boolean take(@Nullable Document expired) {
		Bson filter = (expired != null)
				? Filters.and(Filters.eq("_id", ID), Filters.eq(OWNER, expired.get(OWNER)),
						Filters.eq(RENEWALS, expired.get(RENEWALS)))
				: Filters.and(Filters.eq("_id", ID), Filters.exists(OWNER, false));
		Bson update = Updates.combine(Updates.set(OWNER, this.instance.id()), Updates.set(HOST, this.instance.host()),
				Updates.set(TERM, this.term.toMillis()), Updates.set(RENEWALS, 0), Updates.currentDate(SINCE),
				Updates.currentDate(RENEWED));
		try {
			return this.collection.findOneAndUpdate(filter, update, returnAfter().upsert(expired == null)) != null;
		}
		catch (MongoException ex) {
			if (ex.getCode() == MongoErrorCodes.DUPLICATE_KEY || ex.getCode() == MongoErrorCodes.WRITE_CONFLICT) {
				return false;
			}
			throw ex;
		}
	}

	private static FindOneAndUpdateOptions returnAfter() {
		return new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);
	}

	private void renew() {
		try {
			while (!this.taken && !this.end.await(this.term.toMillis() / 3, TimeUnit.MILLISECONDS)) {
				renewOnce();
			}
		}
		catch (InterruptedException ex) {
			// the thread is never interrupted
		}
	}

	private void renewOnce() {
		long begin = System.nanoTime();
		try {
			Bson update = Updates.combine(Updates.currentDate(RENEWED), Updates.inc(RENEWALS, 1));
			if (this.collection.updateOne(own(), update).getMatchedCount() == 1) {
				this.renewed = begin;
			}
			else {
				this.taken = this.end.getCount() > 0;
			}
		}
		catch (MongoException | IllegalStateException ex) {
			if (this.end.getCount() > 0) {
				logger.warn("Database '%s': the lock of migrations could not be renewed: %s".formatted(this.database,
						MigrationException.oneLine(ex.getMessage())));
			}
		}
	}

	/**
	 * Returns whether no other instance can have taken the lock.
	 */
	boolean isHeld() {
		return !this.taken && System.nanoTime() - this.renewed < this.term.toNanos();
	}

	/**
	 * Releases the lock, even if the thread has been interrupted because the application
	 * is being closed. If that fails, the lock expires.
	 */
	@Override
	public void close() {
		this.end.countDown();
		boolean interrupted = Thread.interrupted();
		try {
			this.collection.deleteOne(own());
		}
		catch (MongoException | IllegalStateException ex) {
			logger.warn("Database '%s': the lock of migrations could not be released and expires after %d s: %s"
				.formatted(this.database, this.term.toSeconds(), MigrationException.oneLine(ex.getMessage())));
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private Bson own() {
		return Filters.and(Filters.eq("_id", ID), Filters.eq(OWNER, this.instance.id()));
	}

	/**
	 * The instance that holds the lock.
	 *
	 * @param host host and process
	 * @param since since when
	 * @param renewed when it was renewed last
	 */
	record Holder(String host, String since, String renewed) {

		private static final Holder UNKNOWN = new Holder("another instance", "now", "now");

		static Holder of(Document lock) {
			return new Holder("'%s'".formatted(lock.get(HOST)), time(lock, SINCE), time(lock, RENEWED));
		}

		private static String time(Document lock, String key) {
			return (lock.get(key) instanceof Date date) ? Instant.ofEpochMilli(date.getTime()).toString() : "unknown";
		}

		@Override
		public String toString() {
			return "%s has held the lock since %s".formatted(this.host, this.since);
		}

	}

}
