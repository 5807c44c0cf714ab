package io.appdbs.mongo.validator;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

import com.mongodb.client.MongoClient;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.mongo.validator.ValidatorPreparation.PendingCounts;
import io.appdbs.settings.MongoValidatorSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Counts documents that are not valid, one collection after another, on a separate thread
 * while the database is up.
 */
final class BackgroundCounts implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(BackgroundCounts.class);

	private static final Duration TICK = Duration.ofMillis(500);

	private static final Duration IDLE = Duration.ofSeconds(5);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final DatabaseAccess database;

	private final ValidatorPreparation preparation;

	private final ScheduledThreadPoolExecutor executor;

	private @Nullable MongoClient client;

	private volatile boolean closed;

	BackgroundCounts(DatabaseAccess database, ValidatorPreparation preparation) {
		this.database = database;
		this.preparation = preparation;
		CustomizableThreadFactory threads = new CustomizableThreadFactory(
				"appdbs-validators-" + database.getDefinition().name() + "-");
		threads.setDaemon(true);
		this.executor = new ScheduledThreadPoolExecutor(1, threads, new DiscardPolicy());
		this.executor.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Counts as soon as the database is up.
	 */
	void start() {
		this.executor.schedule(this::runIfUp, TICK.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void runIfUp() {
		if (this.database.getOutage() != null || this.database.isSuspended()) {
			start();
			return;
		}
		PendingCounts pending = this.preparation.takePending();
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		if (pending == null || details == null
				|| !(this.database.getConnector() instanceof MongoDatabaseConnector connector)) {
			return;
		}
		try {
			run(pending, connector, String.valueOf(details.database()));
		}
		catch (RuntimeException ex) {
			if (!this.closed) {
				logger.warn("Documents of database '%s' that are not valid could not be counted"
					.formatted(this.database.getDefinition().name()), ex);
			}
		}
	}

	private void run(PendingCounts pending, MongoDatabaseConnector connector, String name) {
		MongoValidatorSettings settings = this.database.getDefinition().settings().mongo().validators();
		ValidatorLog log = new ValidatorLog(this.database.getDefinition().name());
		long begin = System.nanoTime();
		try (MongoClient client = open(connector)) {
			ViolationCount count = new ViolationCount(client.getDatabase(name), settings.timeout());
			ValidatorReport report = pending.report();
			for (WantedValidator validator : pending.validators()) {
				if (this.closed) {
					return;
				}
				long violations = count.count(validator, report);
				if (violations > 0) {
					log.violated(validator.collection(), violations, settings.mode(), settings.action());
				}
				report(report, begin);
			}
		}
	}

	private void report(ValidatorReport report, long begin) {
		if (!this.closed) {
			this.database.report(new PreparationReport(ValidatorPreparation.NAME,
					Duration.ofNanos(System.nanoTime() - begin), report.toDetails()));
		}
	}

	private synchronized MongoClient open(MongoDatabaseConnector connector) {
		if (this.closed) {
			throw new IllegalStateException("The application is closed");
		}
		MongoClient client = connector.openClient(null, null, null);
		this.client = client;
		return client;
	}

	/**
	 * Does not start another count. The driver cannot interrupt one that waits for the
	 * server, which ends after the time limit at the latest.
	 */
	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		this.executor.shutdownNow();
		closeClient();
		if (!this.executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
			logger.debug("A count of documents of database '%s' is abandoned"
				.formatted(this.database.getDefinition().name()));
		}
	}

	private synchronized void closeClient() {
		MongoClient client = this.client;
		if (client != null) {
			client.close();
		}
	}

}
