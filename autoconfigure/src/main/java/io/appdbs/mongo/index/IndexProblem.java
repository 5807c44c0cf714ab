package io.appdbs.mongo.index;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * An index that cannot be what an entity declares.
 *
 * @param message what is wrong with which index of which entity, in a full sentence
 * @param where where to fix it, the beginning of a sentence
 * @param fix how to fix it, the rest of the sentence without a period
 * @param cause the exception or {@code null}
 */
record IndexProblem(String message, String where, String fix, @Nullable Throwable cause) {

	private static final String MODE = "mongo.indexes.mode";

	/**
	 * Returns how to fix it.
	 * @return the action in full sentences
	 */
	String getAction(DatabaseDefinition definition) {
		return "%s, %s. To leave the indexes of the entities alone, set '%s' to 'off'.".formatted(this.where, this.fix,
				definition.key(MODE));
	}

	InvalidDatabaseConfigurationException toException(DatabaseDefinition definition) {
		return new InvalidDatabaseConfigurationException(definition.name(), definition.key(MODE),
				"Database '%s': %s".formatted(definition.name(), this.message), getAction(definition), this.cause);
	}

}
