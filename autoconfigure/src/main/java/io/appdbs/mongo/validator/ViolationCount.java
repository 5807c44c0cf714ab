package io.appdbs.mongo.validator;

import java.util.concurrent.TimeUnit;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.settings.mongo.MongoValidatorSettings;

/**
 * Counts the documents that a validator does not accept.
 *
 * @param database the database
 * @param settings the settings, with the time limit for one collection
 * @param log where documents are reported
 */
record ViolationCount(MongoDatabase database, MongoValidatorSettings settings, ValidatorLog log) {

	/** Collections with more documents are counted after the database is up. */
	private static final long FEW = 1000;

	/**
	 * Returns whether counting takes a moment only.
	 */
	boolean isShort(String collection) {
		try {
			return limited().getCollection(collection).estimatedDocumentCount() <= FEW;
		}
		catch (MongoException ex) {
			return false;
		}
	}

	/**
	 * Counts the documents and reports the result. A count that did not finish is no
	 * number.
	 */
	void count(WantedValidator wanted, ValidatorReport report) {
		String collection = wanted.collection();
		try {
			long violations = limited().getCollection(collection).countDocuments(wanted.toViolations());
			report.addCount(collection, violations);
			if (violations > 0) {
				this.log.violated(collection, violations, this.settings.mode(), this.settings.action());
			}
		}
		catch (MongoOperationTimeoutException | MongoExecutionTimeoutException ex) {
			report.addFailure(collection, "timed out after %d ms".formatted(this.settings.timeout().toMillis()));
		}
		catch (MongoCommandException ex) {
			report.addFailure(collection, ex.getErrorMessage());
		}
		catch (MongoException ex) {
			report.addFailure(collection, String.valueOf(ex.getMessage()));
		}
	}

	private MongoDatabase limited() {
		return this.database.withTimeout(this.settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
	}

}
