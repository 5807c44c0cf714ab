package io.appdbs.mongo.migration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.mongodb.ReadPreference;
import com.mongodb.client.MongoDatabase;
import io.appdbs.mongo.MongoPreparation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MongoConverter;

/**
 * Executes migrations while this instance holds the lock.
 *
 * @param context the database
 * @param history where executed migrations are recorded
 * @param lock the lock, which has been acquired
 * @param progress logs what is running
 * @param converter creates the converter for beans
 */
record MigrationRun(MongoPreparation.Context context, MigrationHistory history, MigrationLock lock,
		MongoMigrationProgress progress, Supplier<MongoConverter> converter) implements MigrationTarget {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	/**
	 * Executes migrations, after all of them have been checked.
	 */
	void execute(List<MigrationStep> steps, Map<String, HistoryEntry> entries) throws InterruptedException {
		steps.forEach(MigrationStep::check);
		for (MigrationStep step : steps) {
			if (Thread.interrupted()) {
				throw new InterruptedException(
						"The application was closed before migration %s".formatted(step.script()));
			}
			requireLock();
			this.history.begin(step, entries.get(step.name().id()));
			this.progress.begins(step);
			try {
				execute(step);
			}
			finally {
				this.progress.ended();
			}
		}
	}

	private void execute(MigrationStep step) {
		long begin = System.nanoTime();
		try {
			step.execute(this);
			requireLock();
		}
		catch (Exception ex) {
			throw fail(step, ex);
		}
		long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
		if (!this.history.succeed(step, millis)) {
			throw new MigrationException(
					"%s, %s, was executed, but its entry in '%s' was changed meanwhile".formatted(step.name(),
							step.describe(), this.history.collection().getNamespace().getCollectionName()),
					"Check who changes the collection, and that no other instance has executed the migration as well.",
					null);
		}
		logger.debug("Database '%s': executed %s in %d ms".formatted(this.context.definition().name(), step.describe(),
				millis));
	}

	private MigrationException fail(MigrationStep step, Exception failure) {
		String reason = (failure instanceof MigrationException) ? String.valueOf(failure.getMessage())
				: "failed. The exception is " + MigrationException.oneLine(failure.toString());
		boolean interrupted = Thread.interrupted();
		try {
			this.history.fail(step, reason);
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		return new MigrationException("migration %s %s".formatted(step.describe(), reason), advise(step), failure);
	}

	private String advise(MigrationStep step) {
		return "Correct %s. MongoDB does not roll back what it did before it failed: undo it, and set '%s' to true for one start, which then executes it again."
			.formatted(step.describe(), this.context.definition().key("mongo.migrations.repair"));
	}

	private void requireLock() {
		if (!this.lock.isHeld()) {
			throw new MigrationException(
					"stopped: the lock was lost, since it could not be renewed, or another instance has taken it",
					"Check the connection to the server and start again.", null);
		}
	}

	@Override
	public MongoDatabase database() {
		requireLock();
		return this.context.getUnlimitedDatabase();
	}

	@Override
	public MongoTemplate template() {
		requireLock();
		MongoTemplate template = new MongoTemplate(
				new SimpleMongoClientDatabaseFactory(this.context.client().get(), this.context.database().getName()),
				this.converter.get());
		template.setReadPreference(ReadPreference.primary());
		return template;
	}

}
