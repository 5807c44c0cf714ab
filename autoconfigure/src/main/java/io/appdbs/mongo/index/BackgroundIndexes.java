package io.appdbs.mongo.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.appdbs.engine.JitteredBackOff;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.BackgroundWork;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * Creates missing indexes of a database one after the other while it is in use, and
 * compares those of entities that the application uses later. Has a thread and a client
 * only while there is something to do.
 */
final class BackgroundIndexes implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(BackgroundIndexes.class);

	/** How long entities are collected before they are compared together. */
	private static final Duration COLLECT = Duration.ofMillis(500);

	/** When to look again for indexes that other instances are creating. */
	private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

	private final DatabaseAccess database;

	private final DatabaseIndexes indexes;

	private final BackgroundWork work;

	private final JitteredBackOff backOff = new JitteredBackOff(Duration.ofMillis(100), Duration.ofSeconds(10));

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private volatile boolean due;

	private @Nullable BackOffExecution retries;

	BackgroundIndexes(DatabaseAccess database, DatabaseIndexes indexes) {
		this.database = database;
		this.indexes = indexes;
		this.work = new BackgroundWork(database, IndexPreparation.NAME);
	}

	/**
	 * Starts as soon as the database is up.
	 */
	void start() {
		this.due = true;
		schedule(Duration.ZERO);
	}

	/**
	 * Compares the indexes again if the application uses entities that were not known in
	 * advance. Does not wait for the database.
	 */
	void checkNewEntities() {
		schedule(COLLECT);
	}

	private void schedule(Duration delay) {
		if (this.scheduled.compareAndSet(false, true)) {
			this.work.schedule(this::run, delay);
		}
	}

	private void run() {
		this.scheduled.set(false);
		if (this.work.isEnded() || !(this.due || this.indexes.hasNewEntities())) {
			return;
		}
		if (!this.work.isPossible()) {
			retry();
			return;
		}
		try {
			this.due = false;
			this.work.execute((database, admin) -> update(new ServerIndexes(database, admin)));
			this.retries = null;
		}
		catch (RuntimeException ex) {
			if (!this.work.isEnded()) {
				logger.debug("The indexes of database '%s' could not be compared, and will be again"
					.formatted(this.database.getDefinition().name()), ex);
				retry();
			}
		}
	}

	private void retry() {
		this.due = true;
		BackOffExecution retries = (this.retries != null) ? this.retries : this.backOff.start();
		this.retries = retries;
		schedule(Duration.ofMillis(retries.nextBackOff()));
	}

	private void update(ServerIndexes server) {
		long begin = System.nanoTime();
		IndexReport report = this.indexes.check(server);
		if (report == null) {
			return;
		}
		if (this.indexes.isCreating()) {
			report = create(server, report, begin);
		}
		if (!this.work.isEnded()) {
			this.indexes.getLog().write(report);
			publish(report, begin);
			if (report.isChanging()) {
				this.due = true;
				schedule(LOOK_AGAIN);
			}
		}
	}

	private IndexReport create(ServerIndexes server, IndexReport first, long begin) {
		IndexReport report = first;
		List<DeclaredIndex> created = new ArrayList<>();
		for (DeclaredIndex index : first.getPending()) {
			if (this.work.isEnded()) {
				return report;
			}
			publish(report, begin);
			int same = report.same();
			report = this.indexes.create(server, index, report);
			if (report.same() > same) {
				created.add(index);
			}
		}
		this.indexes.getLog().writeCreated(created);
		return report;
	}

	private void publish(IndexReport report, long begin) {
		this.work.report(IndexPreparation.NAME, begin, report.toDetails());
	}

	/**
	 * Stops creating indexes. The server is not told to give up the one that it is
	 * creating, which may have taken hours. The thread ends with its answer.
	 */
	@Override
	public void close() throws InterruptedException {
		if (!this.work.end()) {
			logger.warn(
					"The server is still creating an index of database '%s', and may go on after the application is closed"
						.formatted(this.database.getDefinition().name()));
		}
	}

}
