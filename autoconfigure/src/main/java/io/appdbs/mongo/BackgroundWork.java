package io.appdbs.mongo;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabaseAccess;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Work on a MongoDB database while it is in use. Has a thread and a client of its own,
 * but only while there is something to do.
 */
public final class BackgroundWork {

	/** How long an idle thread is kept. */
	private static final Duration IDLE = Duration.ofSeconds(5);

	private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

	private final DatabaseAccess database;

	private final ScheduledThreadPoolExecutor executor;

	private volatile @Nullable MongoClient client;

	private volatile boolean ended;

	/**
	 * Creates new {@link BackgroundWork}.
	 * @param database the database
	 * @param name the kind of work, which is part of the name of the thread
	 */
	public BackgroundWork(DatabaseAccess database, String name) {
		this.database = database;
		CustomizableThreadFactory threads = new CustomizableThreadFactory(
				"appdbs-%s-%s-".formatted(name, database.getDefinition().name()));
		threads.setDaemon(true);
		this.executor = new ScheduledThreadPoolExecutor(1, threads, new DiscardPolicy());
		this.executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
		this.executor.allowCoreThreadTimeOut(true);
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * Executes a task later, unless the work has been ended by then.
	 * @param task the task
	 * @param delay the time until it is executed
	 */
	public void schedule(Runnable task, Duration delay) {
		this.executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Returns whether the database can be used at present.
	 * @return whether it is open, up and not suspended
	 */
	public boolean isPossible() {
		return this.database.getDetailsInUse() != null && this.database.getOutage() == null
				&& !this.database.isSuspended();
	}

	/**
	 * Returns whether the work has been ended.
	 * @return whether the application is being closed
	 */
	public boolean isEnded() {
		return this.ended;
	}

	/**
	 * Works on the database with a client that no time limit applies to.
	 * @param action takes the database and the database of the server's commands
	 */
	public void execute(BiConsumer<MongoDatabase, MongoDatabase> action) {
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		if (details == null || !(this.database.getConnector() instanceof MongoDatabaseConnector connector)) {
			return;
		}
		try (MongoClient client = connector.openClient(null, null, null)) {
			this.client = client;
			action.accept(client.getDatabase(String.valueOf(details.database())), client.getDatabase("admin"));
		}
		finally {
			this.client = null;
		}
	}

	/**
	 * Replaces the report of a preparation, unless the work has been ended.
	 * @param preparation the name of the preparation
	 * @param begin when the work began, in nanoseconds
	 * @param details the results by name
	 */
	public void report(String preparation, long begin, Map<String, Object> details) {
		if (!this.ended) {
			this.database
				.report(new PreparationReport(preparation, Duration.ofNanos(System.nanoTime() - begin), details));
		}
	}

	/**
	 * Ends the work. An operation that the server is executing is not interrupted, since
	 * the driver would not end its session on the server, but it is not awaited for long.
	 * @return whether the last operation has ended
	 * @throws InterruptedException if the thread was interrupted while it waited
	 */
	public boolean end() throws InterruptedException {
		this.ended = true;
		this.executor.shutdown();
		if (this.executor.awaitTermination(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			return true;
		}
		MongoClient client = this.client;
		if (client != null) {
			client.close();
		}
		return false;
	}

}
