package io.appdbs.lifecycle;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseStartException;
import io.appdbs.credentials.CredentialsProviderFailure;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.FailureReason;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt to open a database, put into words.
 *
 * @param definition the database
 * @param target where it was to be connected to or {@code null} if that is what failed,
 * as it does if an embedded server does not start
 * @param cause what was thrown
 */
record StartFailure(DatabaseDefinition definition, @Nullable DatabaseConnectionDetails target, Throwable cause) {

	/** The class of SQLStates that drivers use where no server has answered. */
	private static final String CONNECTION_EXCEPTION = "08";

	/**
	 * Return whether another attempt would fail the same way.
	 */
	boolean isPermanent() {
		if (this.cause instanceof DatabaseCredentialsException) {
			return !(this.cause instanceof CredentialsProviderFailure);
		}
		return this.target == null || this.cause instanceof DatabaseStartException || reason().isPermanent();
	}

	/**
	 * Return whether the server lives and has said so, if only late or by an error.
	 */
	boolean isAnswer() {
		return this.target != null && (reason().isAnswer() || LateAnswerException.isIn(this.cause)
				|| (reason() == FailureReason.OTHER && isErrorOfServer()));
	}

	private boolean isErrorOfServer() {
		return Stream.iterate(this.cause, Objects::nonNull, Throwable::getCause)
			.filter(SQLException.class::isInstance)
			.map((failure) -> ((SQLException) failure).getSQLState())
			.anyMatch((state) -> state != null && !state.startsWith(CONNECTION_EXCEPTION));
	}

	/**
	 * Return whether nothing was heard of the host.
	 */
	boolean isSilence() {
		return this.target != null && reason() == FailureReason.UNREACHABLE;
	}

	/**
	 * Return the failure in plain words, the end of a sentence.
	 */
	String describe() {
		if (this.cause instanceof DatabaseStartException || this.target == null) {
			return String.valueOf(this.cause.getMessage());
		}
		return reason().describe(this.cause);
	}

	/**
	 * Return what is equal for failures that an operator need not read twice.
	 */
	Object kind() {
		boolean known = !(this.cause instanceof DatabaseStartException) && this.target != null
				&& reason() != FailureReason.OTHER;
		return known ? reason() : describe();
	}

	DatabaseStartException toException(int attempts, Duration elapsed) {
		if (this.cause instanceof DatabaseStartException failure) {
			return failure;
		}
		String name = this.definition.name();
		String key = this.definition.key("url");
		String tried = (attempts > 1) ? " (%d attempts in %d s)".formatted(attempts, elapsed.toSeconds()) : "";
		if (this.cause instanceof DatabaseCredentialsException failure) {
			return new DatabaseStartException(name,
					"Database '%s' could not be opened%s: %s".formatted(name, tried, failure.getMessage()),
					failure.getAction(), failure);
		}
		if (this.target == null) {
			// an embedded server says itself what happened
			return new DatabaseStartException(name,
					"Database '%s' could not be opened: %s".formatted(name, this.cause.getMessage()),
					"Mend what the message says, or name another server in '%s'.".formatted(key), this.cause);
		}
		return new DatabaseStartException(name,
				"Database '%s' (%s at %s) could not be opened%s: %s".formatted(name,
						this.definition.engine().getDisplayName(), this.target.address(), tried, describe()),
				reason().getAction(key), this.cause);
	}

	private FailureReason reason() {
		return this.definition.engine().classify(this.cause);
	}

	static DatabaseStartException interrupted(String name, InterruptedException cause) {
		return new DatabaseStartException(name,
				"Database '%s' was not waited for: the start was interrupted.".formatted(name),
				"Start the application again.", cause);
	}

	static DatabaseStartException closed(String name) {
		return new DatabaseStartException(name, "Database '%s' is closed.".formatted(name),
				"Use the database before the application is closed.", null);
	}

}
