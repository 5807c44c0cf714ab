package io.appdbs.mongo.migration;

import java.time.Duration;

import io.appdbs.settings.DatabaseDefinition;

/**
 * Texts about a history that does not match the migrations of the application.
 *
 * @param definition the database
 */
record HistoryMessages(DatabaseDefinition definition) {

	MigrationException duplicate(MigrationStep one, MigrationStep other) {
		boolean same = one.describe().equals(other.describe());
		return new MigrationException(
				"%s and %s are both %s".formatted(same ? one.origin() : one.describe(),
						same ? other.origin() : other.describe(), one.name()),
				"Give one of them another %s.".formatted((one.name().version() != null) ? "version" : "description"),
				null);
	}

	MigrationException failed(HistoryEntry entry) {
		String failure = entry.failure();
		String what = (failure != null) ? "has failed before: " + failure.replaceFirst("\\.$", "")
				: "did not finish: %s began it at %s and no longer holds the lock"
					.formatted(entry.text(HistoryEntry.HOST), entry.text(HistoryEntry.INSTALLED_ON));
		return new MigrationException("%s %s".formatted(describe(entry), what),
				"Undo what it did, correct it if necessary, and set '%s' to true for one start, which then executes it again. If you have completed it manually instead, execute %s.updateOne({ _id: \"%s\" }, { $set: { success: true } })."
					.formatted(repairKey(), shell(), entry.id()),
				null);
	}

	MigrationException changed(HistoryEntry entry, MigrationStep step) {
		return new MigrationException(
				"%s was changed after it had been executed at %s%s".formatted(describe(entry),
						entry.text(HistoryEntry.INSTALLED_ON), difference(entry, step)),
				"Restore it, and put the change into a new migration. If the database is correct, set '%s' to true for one start, which accepts the change."
					.formatted(repairKey()),
				null);
	}

	private static String difference(HistoryEntry entry, MigrationStep step) {
		if (!entry.text(HistoryEntry.TYPE).equals(step.type())) {
			return " (type %s instead of %s, now %s)".formatted(step.type(), entry.text(HistoryEntry.TYPE),
					step.describe());
		}
		return entry.isOutdated(step) ? " (checksum mismatch)" : " (description '%s' instead of '%s')"
			.formatted(step.name().description(), entry.text(HistoryEntry.DESCRIPTION));
	}

	MigrationException missing(HistoryEntry entry) {
		return new MigrationException(
				"%s was executed at %s, but the application does not contain it".formatted(describe(entry),
						entry.text(HistoryEntry.INSTALLED_ON)),
				"Restore it. If it is not needed any more, execute %s.deleteOne({ _id: \"%s\" }).".formatted(shell(),
						entry.id()),
				null);
	}

	MigrationException outOfOrder(MigrationStep step, MigrationVersion newest) {
		return new MigrationException(
				"%s (%s) has not been executed, but is older than version %s, which has".formatted(step.name(),
						step.describe(), newest),
				"Give it a version above %s, or set '%s' to true.".formatted(newest, key("out-of-order")), null);
	}

	MigrationException locked(MigrationLock.Holder holder, Duration timeout) {
		return new MigrationException(
				"the lock was not released within %d s: %s, and renewed it last at %s".formatted(timeout.toSeconds(),
						holder, holder.renewed()),
				"Start again when that instance has finished, or raise '%s' if migrations take longer. If that instance does not exist any more, execute %s.deleteOne({ _id: \"%s\" })."
					.formatted(key("lock-timeout"), shell(), MigrationLock.ID),
				null);
	}

	private static String describe(HistoryEntry entry) {
		String what = (entry.version() != null) ? "version " + entry.id() : "the repeatable migration";
		return "%s, '%s',".formatted(what, entry.text(HistoryEntry.SCRIPT));
	}

	/**
	 * Returns the collection as MongoDB's shell addresses it.
	 */
	private String shell() {
		String name = collection();
		return name.matches("\\w+(\\.\\w+)*") ? "db." + name : "db.getCollection(\"%s\")".formatted(name);
	}

	private String repairKey() {
		return key("repair");
	}

	/**
	 * Returns the full key of a setting.
	 */
	String key(String setting) {
		return this.definition.key("mongo.migrations." + setting);
	}

	/**
	 * Returns the name of the collection with the history and the lock.
	 */
	String collection() {
		return this.definition.settings().mongo().migrations().collection();
	}

}
