package io.appdbs.mongo.migration;

import java.time.Duration;

import io.appdbs.migration.MigrationProgress;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link MigrationProgress} of a MongoDB database, which also knows who holds the lock.
 */
final class MongoMigrationProgress extends MigrationProgress {

	private static final Log logger = LogFactory.getLog(MongoMigrationProgress.class);

	private volatile MigrationLock.@Nullable Holder holder;

	MongoMigrationProgress(DatabaseDefinition definition, Duration interval) {
		super(definition, interval);
	}

	void begins(MigrationStep step) {
		begins("migration " + step.describe());
	}

	@Override
	protected void ended() {
		super.ended();
	}

	/**
	 * Called each time another instance has been found to hold the lock.
	 */
	void waitsFor(MigrationLock.Holder holder) {
		boolean first = this.holder == null;
		this.holder = holder;
		if (first) {
			logger.info(
					"Database '%s': waiting for the lock of migrations, %s".formatted(getDefinition().name(), holder));
		}
	}

	void locked() {
		this.holder = null;
	}

	@Override
	protected String describeWaiting() {
		MigrationLock.Holder holder = this.holder;
		return (holder != null) ? "no migration is running: " + holder : "no migration is running";
	}

}
