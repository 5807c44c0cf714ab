package io.appdbs.mongo.migration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Repairs the history: removes failed migrations, so that they are executed again, and
 * accepts changed ones.
 *
 * @param messages the texts about the history
 * @param plan the migrations of the application
 * @param history the history
 */
record HistoryRepair(HistoryMessages messages, MigrationPlan plan, MigrationHistory history) {

	private static final Log logger = LogFactory.getLog(HistoryRepair.class);

	void repair() {
		this.history.read().values().forEach((entry) -> {
			MigrationStep step = this.plan.find(entry);
			if (!entry.isSuccess()) {
				this.history.remove(entry);
				log(entry, "removed the failed migration");
			}
			else if (step != null && entry.version() != null && !entry.isBaseline() && entry.differs(step)) {
				this.history.realign(step);
				log(entry, "accepted the change of migration");
			}
		});
	}

	private void log(HistoryEntry entry, String what) {
		logger.info("Database '%s': %s '%s' (%s) in '%s'".formatted(this.messages.definition().name(), what, entry.id(),
				entry.text(HistoryEntry.SCRIPT), this.messages.collection()));
	}

}
