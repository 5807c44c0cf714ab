package io.appdbs.mongo.migration;

import java.time.Instant;
import java.util.Date;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A migration that has been executed, or whose execution has begun.
 *
 * @param id the version, or the identifier of a repeatable migration
 * @param document the entry as stored
 */
record HistoryEntry(String id, Document document) {

	static final String DESCRIPTION = "description";

	static final String TYPE = "type";

	static final String SCRIPT = "script";

	static final String CHECKSUM = "checksum";

	static final String INSTALLED_ON = "installedOn";

	static final String SUCCESS = "success";

	static final String FAILURE = "failure";

	static final String HOST = "host";

	private static final String BASELINE = "BASELINE";

	/**
	 * Returns the version or {@code null} if the migration is repeatable.
	 */
	@Nullable MigrationVersion version() {
		return MigrationVersion.parse(this.id);
	}

	/**
	 * Returns whether the migrations up to this version were there before the history.
	 */
	boolean isBaseline() {
		return BASELINE.equals(text(TYPE)) && version() != null;
	}

	boolean isSuccess() {
		return Boolean.TRUE.equals(this.document.get(SUCCESS)) || isBaseline();
	}

	/**
	 * Returns whether the migration in the application differs. An entry that was written
	 * manually may lack attributes.
	 */
	boolean differs(MigrationStep step) {
		return differs(CHECKSUM, step.checksum()) || differs(TYPE, step.type())
				|| differs(DESCRIPTION, step.name().description());
	}

	/**
	 * Returns whether a repeatable migration has to be executed again.
	 */
	boolean isOutdated(MigrationStep step) {
		return differs(CHECKSUM, step.checksum());
	}

	private boolean differs(String attribute, @Nullable Object value) {
		Object own = this.document.get(attribute);
		return own != null && value != null && !own.equals(value);
	}

	/**
	 * Returns an attribute as text, or {@code unknown} if there is none.
	 */
	String text(String attribute) {
		Object value = this.document.get(attribute);
		return (value instanceof Date date) ? Instant.ofEpochMilli(date.getTime()).toString()
				: (value != null) ? value.toString() : "unknown";
	}

	@Nullable String failure() {
		return (this.document.get(FAILURE) instanceof String failure) ? failure : null;
	}

}
