package io.appdbs.mongo.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JitteredBackOff;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoDatabaseConnector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
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

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	/** How long an idle thread is kept. */
	private static final Duration IDLE = Duration.ofSeconds(5);

	private final DatabaseAccess database;

	private final DatabaseIndexes indexes;

	private final ScheduledThreadPoolExecutor executor;

	private final JitteredBackOff backOff = new JitteredBackOff(Duration.ofMillis(100), Duration.ofSeconds(10));

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private volatile boolean due;

	private @Nullable BackOffExecution retries;

	private volatile @Nullable MongoClient client;

	private volatile boolean closed;

	BackgroundIndexes(DatabaseAccess database, DatabaseIndexes indexes) {
		this.database = database;
		this.indexes = indexes;
		CustomizableThreadFactory threads = new CustomizableThreadFactory(
				"appdbs-indexes-" + database.getDefinition().name() + "-");
		threads.setDaemon(true);
		this.executor = new ScheduledThreadPoolExecutor(1, threads, new DiscardPolicy());
		this.executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
		this.executor.allowCoreThreadTimeOut(true);
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
		if (!this.closed && this.scheduled.compareAndSet(false, true)) {
			this.executor.schedule(this::run, delay.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void run() {
		this.scheduled.set(false);
		if (this.closed || !(this.due || this.indexes.hasNewEntities())) {
			return;
		}
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		if (details == null || this.database.getOutage() != null || this.database.isSuspended()) {
			retry();
			return;
		}
		try {
			this.due = false;
			open(details);
			this.retries = null;
		}
		catch (RuntimeException ex) {
			if (!this.closed) {
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

	private void open(DatabaseConnectionDetails details) {
		if (this.database.getConnector() instanceof MongoDatabaseConnector connector) {
			try (MongoClient client = connector.openClient(null, null, null)) {
				this.client = client;
				MongoDatabase database = client.getDatabase(String.valueOf(details.database()));
				update(new ServerIndexes(database, client.getDatabase("admin")));
			}
			finally {
				this.client = null;
			}
		}
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
		if (!this.closed) {
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
			if (this.closed) {
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
		this.database.report(new PreparationReport(IndexPreparation.NAME, Duration.ofNanos(System.nanoTime() - begin),
				report.toDetails()));
	}

	/**
	 * Stops creating indexes. The server is not told to give up the one that it is
	 * creating, which may have taken hours. The thread ends with its answer.
	 */
	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		// no interrupt, since the thread may be closing the client and ending its
		// sessions
		this.executor.shutdown();
		if (!this.executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			logger.warn(
					"The server is still creating an index of database '%s', and may go on after the application is closed"
						.formatted(this.database.getDefinition().name()));
			MongoClient client = this.client;
			if (client != null) {
				client.close();
			}
		}
	}

}
