package io.appdbs.mongo.validator;

import io.appdbs.settings.mongo.MongoValidatorSettings.Action;
import io.appdbs.settings.mongo.MongoValidatorSettings.Mode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.bson.Document;

/**
 * Writes to the log what has been found.
 *
 * @param database the name of the database
 */
record ValidatorLog(String database) {

	private static final Log logger = LogFactory.getLog(ValidatorPreparation.class);

	void compared(ValidatorReport report) {
		String message = "Validators of database '%s': %s".formatted(this.database, report.describe());
		if (report.isComplete()) {
			logger.info(message);
		}
		else {
			logger.warn(message);
		}
		report.getLeftOutConstraints()
			.forEach((constraint) -> logger
				.debug("Not part of a validator of database '%s': %s".formatted(this.database, constraint)));
	}

	/**
	 * A validator that nobody derived is lost otherwise.
	 */
	void replaced(String collection, Document former) {
		String message = "The validator of collection '%s' in database '%s' is replaced. The former one is %s"
			.formatted(collection, this.database, former.toJson());
		if (WantedValidator.isDerived(former)) {
			logger.info(message);
		}
		else {
			logger.warn(message);
		}
	}

	void violated(String collection, long violations, Mode mode, Action action) {
		logger.warn("%d documents of collection '%s' in database '%s' are not valid for its entities.%s"
			.formatted(violations, collection, this.database, (mode == Mode.APPLY && action == Action.ERROR)
					? " They can still be changed, but the server rejects new ones like them." : ""));
	}

	void unsupported(String reason) {
		logger.info(
				"Validators of database '%s' are neither compared nor set, since %s".formatted(this.database, reason));
	}

}
