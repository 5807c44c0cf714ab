package io.appdbs.mongo.validator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.client.MongoDatabase;

/**
 * Counts the documents that a validator does not accept.
 *
 * @param database the database
 * @param timeout the time limit for one collection
 */
record ViolationCount(MongoDatabase database, Duration timeout) {

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
	 * @return the number of documents, 0 if it is not known
	 */
	long count(WantedValidator wanted, ValidatorReport report) {
		String collection = wanted.collection();
		try {
			long violations = limited().getCollection(collection).countDocuments(wanted.toViolations());
			report.addCount(collection, violations);
			return violations;
		}
		catch (MongoOperationTimeoutException | MongoExecutionTimeoutException ex) {
			report.addFailure(collection, "timed out after %d ms".formatted(this.timeout.toMillis()));
		}
		catch (MongoCommandException ex) {
			report.addFailure(collection, ex.getErrorMessage());
		}
		catch (MongoException ex) {
			report.addFailure(collection, String.valueOf(ex.getMessage()));
		}
		return 0;
	}

	private MongoDatabase limited() {
		return this.database.withTimeout(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

}
