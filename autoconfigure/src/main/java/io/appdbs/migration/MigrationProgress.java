package io.appdbs.migration;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Logs regularly which migration of a database is running, as the application waits for
 * it.
 */
final class MigrationProgress implements Callback, Consumer<FluentConfiguration> {

	private static final Log logger = LogFactory.getLog(MigrationProgress.class);

	private static final String TRANSACTIONAL_LOCK = "postgresql.transactional.lock";

	private final DatabaseDefinition definition;

	private final Duration interval;

	private volatile @Nullable Step step;

	/**
	 * Creates a new {@link MigrationProgress}.
	 * @param definition the database
	 * @param interval the time between two log lines
	 */
	MigrationProgress(DatabaseDefinition definition, Duration interval) {
		this.definition = definition;
		this.interval = interval;
	}

	/**
	 * Adds the callback to those of the application.
	 */
	@Override
	public void accept(FluentConfiguration configuration) {
		configuration.callbacks(
				Stream.concat(Arrays.stream(configuration.getCallbacks()), Stream.of(this)).toArray(Callback[]::new));
	}

	@Override
	public boolean supports(Event event, Context context) {
		return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
	}

	@Override
	public boolean canHandleInTransaction(Event event, Context context) {
		return true;
	}

	@Override
	public void handle(Event event, Context context) {
		this.step = (event == Event.BEFORE_EACH_MIGRATE)
				? new Step(context.getMigrationInfo().getScript(), System.nanoTime()) : null;
	}

	@Override
	public String getCallbackName() {
		return "AppDBs progress";
	}

	/**
	 * Starts to log on a separate thread.
	 * @return stops it
	 */
	Runnable begin() {
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
			return "Database '%s': migrating has taken %d s, and no migration is running: Flyway may be waiting for a lock that another instance holds"
				.formatted(this.definition.name(), seconds(begin));
		}
		return "Database '%s': migration '%s' has been running for %d s.%s".formatted(this.definition.name(),
				step.script(), seconds(step.begin()), advise());
	}

	/**
	 * Returns advice for statements that wait for the end of all transactions, while
	 * Flyway holds its lock in a transaction on another connection.
	 */
	private String advise() {
		boolean locking = this.definition.engine().getId().equals("postgresql")
				&& !"false".equals(this.definition.settings().flyway().get(TRANSACTIONAL_LOCK));
		return locking ? " If it contains CREATE INDEX CONCURRENTLY, it waits for Flyway's lock: set '%s' to false."
			.formatted(this.definition.key("flyway.postgresql.transactional-lock")) : "";
	}

	private static long seconds(long since) {
		return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
	}

	/**
	 * A migration that is running.
	 *
	 * @param script its name
	 * @param begin when it began
	 */
	private record Step(String script, long begin) {

	}

}
