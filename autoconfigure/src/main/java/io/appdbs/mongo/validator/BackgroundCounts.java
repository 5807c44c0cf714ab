package io.appdbs.mongo.validator;

import java.time.Duration;

import com.mongodb.client.MongoDatabase;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.BackgroundWork;
import io.appdbs.mongo.validator.ValidatorPreparation.PendingCounts;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Counts documents that are not valid, one collection after another, on a separate thread
 * while the database is up.
 */
final class BackgroundCounts implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(BackgroundCounts.class);

	private static final Duration TICK = Duration.ofMillis(500);

	private final DatabaseAccess database;

	private final ValidatorPreparation preparation;

	private final BackgroundWork work;

	BackgroundCounts(DatabaseAccess database, ValidatorPreparation preparation) {
		this.database = database;
		this.preparation = preparation;
		this.work = new BackgroundWork(database, ValidatorPreparation.NAME);
	}

	/**
	 * Counts as soon as the database is up.
	 */
	void start() {
		this.work.schedule(this::runIfPossible, TICK);
	}

	private void runIfPossible() {
		if (!this.work.isPossible()) {
			start();
			return;
		}
		PendingCounts pending = this.preparation.takePending();
		if (pending == null) {
			return;
		}
		try {
			this.work.execute((database, admin) -> count(pending, database));
		}
		catch (RuntimeException ex) {
			if (!this.work.isEnded()) {
				logger.warn("Documents of database '%s' that are not valid could not be counted"
					.formatted(this.database.getDefinition().name()), ex);
			}
		}
	}

	private void count(PendingCounts pending, MongoDatabase database) {
		DatabaseDefinition definition = this.database.getDefinition();
		long begin = System.nanoTime();
		ViolationCount count = new ViolationCount(database, definition.settings().mongo().validators(),
				new ValidatorLog(definition.name()));
		ValidatorReport report = pending.report();
		for (WantedValidator validator : pending.validators()) {
			if (this.work.isEnded()) {
				return;
			}
			count.count(validator, report);
			this.work.report(ValidatorPreparation.NAME, begin, report.toDetails());
		}
	}

	/**
	 * Does not start another count. One that waits for the server ends after the time
	 * limit at the latest.
	 */
	@Override
	public void close() throws InterruptedException {
		if (!this.work.end()) {
			logger.debug("A count of documents of database '%s' is abandoned"
				.formatted(this.database.getDefinition().name()));
		}
	}

}
