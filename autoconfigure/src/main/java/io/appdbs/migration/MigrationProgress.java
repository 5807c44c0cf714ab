package io.appdbs.migration;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs regularly which migration of a database is running, as the application waits for
 * it.
 */
public abstract class MigrationProgress {

	private static final Log logger = LogFactory.getLog(MigrationProgress.class);

	private final DatabaseDefinition definition;

	private final Duration interval;

	private volatile @Nullable Step step;

	/**
	 * Creates a new {@link MigrationProgress}.
	 * @param definition the database
	 * @param interval the time between two log lines
	 */
	protected MigrationProgress(DatabaseDefinition definition, Duration interval) {
		this.definition = definition;
		this.interval = interval;
	}

	/**
	 * Returns the database.
	 * @return the database
	 */
	protected DatabaseDefinition getDefinition() {
		return this.definition;
	}

	/**
	 * Called when a migration begins.
	 * @param migration the migration, the beginning of a sentence
	 */
	protected void begins(String migration) {
		this.step = new Step(migration, System.nanoTime());
	}

	/**
	 * Called when a migration has ended.
	 */
	protected void ended() {
		this.step = null;
	}

	/**
	 * Returns why no migration is running.
	 * @return the end of a sentence
	 */
	protected abstract String describeWaiting();

	/**
	 * Returns advice for a migration that takes long.
	 * @return the advice after a space, or nothing
	 */
	protected String advise() {
		return "";
	}

	/**
	 * Starts to log on a separate thread.
	 * @return stops it
	 */
	public Runnable begin() {
		long begin = System.nanoTime();
		CountDownLatch end = new CountDownLatch(1);
		Thread thread = new Thread(() -> run(begin, end), "appdbs-migration-" + this.definition.name());
		thread.setDaemon(true);
		thread.start();
		return end::countDown;
	}

	private void run(long begin, CountDownLatch end) {
		try {
			while (!end.await(this.interval.toNanos(), TimeUnit.NANOSECONDS)) {
				logger.info(describe(begin));
			}
		}
		catch (InterruptedException ex) {
			// the thread is never interrupted
		}
	}

	private String describe(long begin) {
		Step step = this.step;
		if (step == null) {
			return "Database '%s': migrating has taken %d s, and %s".formatted(this.definition.name(), seconds(begin),
					describeWaiting());
		}
		return "Database '%s': %s has been running for %d s.%s".formatted(this.definition.name(), step.migration(),
				seconds(step.begin()), advise());
	}

	private static long seconds(long since) {
		return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
	}

	/**
	 * A migration that is running.
	 *
	 * @param migration the migration
	 * @param begin when it began
	 */
	private record Step(String migration, long begin) {

	}

}
