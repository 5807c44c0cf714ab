package io.appdbs.lifecycle;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.FailureReason;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Puts into words why a database could not be opened.
 */
final class StartFailures {

	private StartFailures() {
	}

	static DatabaseStartException describe(DatabaseDefinition definition, @Nullable ConnectionTarget target,
			Throwable failure) {
		String name = definition.name();
		String key = "app.dbs.%s.url".formatted(name);
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		if (target == null) {
			// an embedded server says itself what happened
			return new DatabaseStartException(name,
					"Database '%s' could not be opened: %s".formatted(name, failure.getMessage()),
					"Mend what the message says, or name another server in '%s'.".formatted(key), failure);
		}
		FailureReason reason = definition.engine().classify(failure);
		return new DatabaseStartException(name,
				"Database '%s' (%s at %s) could not be opened: %s. The driver says: %s".formatted(name,
						definition.engine().getDisplayName(), address(target), reason.getDescription(),
						(root.getMessage() != null) ? root.getMessage() : root.getClass().getName()),
				reason.getAction(key), failure);
	}

	private static String address(ConnectionTarget target) {
		String hosts = target.hosts().isEmpty() ? target.url() : String.join(",", target.hosts());
		return (target.database() != null && !target.hosts().isEmpty()) ? hosts + "/" + target.database() : hosts;
	}

	/**
	 * Return a copy whose stack trace is the caller's, for a failure that several threads
	 * are told of.
	 */
	static DatabaseStartException copy(DatabaseStartException failure) {
		return new DatabaseStartException(failure.getDatabase(), String.valueOf(failure.getMessage()),
				failure.getAction(), failure.getCause());
	}

	static DatabaseStartException interrupted(String name) {
		return new DatabaseStartException(name,
				"Database '%s' was being opened when the start of the application was interrupted.".formatted(name),
				"Start the application again.", null);
	}

	static DatabaseStartException closed(String name) {
		return new DatabaseStartException(name, "Database '%s' is closed.".formatted(name),
				"Use the database before the application is closed.", null);
	}

}
