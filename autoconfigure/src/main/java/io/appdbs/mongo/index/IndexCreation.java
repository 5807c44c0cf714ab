package io.appdbs.mongo.index;

import java.util.List;
import java.util.Set;

import com.mongodb.MongoCommandException;
import io.appdbs.mongo.MongoErrorCodes;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Creates an index.
 *
 * @param server the database
 */
record IndexCreation(ServerIndexes server) {

	/**
	 * The collection is created, or an index of it, by another instance: NamespaceExists,
	 * LockTimeout, LockBusy, WriteConflict, ConflictingOperationInProgress,
	 * IndexBuildAlreadyInProgress, IndexBuildAborted, InterruptedDueToReplStateChange,
	 * BackgroundOperationInProgressForNamespace.
	 */
	private static final Set<Integer> BUSY = Set.of(48, 24, 46, 112, 117, 264, 276, 11602, 12587);

	/**
	 * Creates an index, unless it is there.
	 */
	Outcome create(DeclaredIndex index) {
		try {
			this.server.database()
				.runCommand(new Document("createIndexes", index.collection()).append("indexes",
						List.of(index.specification())));
			return Outcome.CREATED;
		}
		catch (MongoCommandException ex) {
			if (isThere(index)) {
				return Outcome.CREATED;
			}
			return BUSY.contains(ex.getErrorCode()) ? Outcome.BUSY : new Outcome(false, explain(ex));
		}
	}

	/**
	 * Returns whether another instance has created the index meanwhile.
	 */
	private boolean isThere(DeclaredIndex index) {
		try {
			return this.server.read(index.collection()).containsValue(index.essence());
		}
		catch (MongoCommandException ex) {
			return false;
		}
	}

	private static String explain(MongoCommandException failure) {
		return (failure.getErrorCode() == MongoErrorCodes.UNAUTHORIZED) ? "the login has no privilege to create indexes"
				: ServerWords.of(failure);
	}

	/**
	 * The outcome of creating an index.
	 *
	 * @param created whether the index is there
	 * @param failure why it could not be created, {@code null} if it may be retried
	 */
	record Outcome(boolean created, @Nullable String failure) {

		static final Outcome CREATED = new Outcome(true, null);

		static final Outcome BUSY = new Outcome(false, null);

	}

}
