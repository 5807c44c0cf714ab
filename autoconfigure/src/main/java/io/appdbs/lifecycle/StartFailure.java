package io.appdbs.lifecycle;

import java.sql.SQLException;
import java.time.Duration;

import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.credentials.CredentialsProviderFailure;
import io.appdbs.engine.Causes;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.FailureReason;
import io.appdbs.lifecycle.thread.LateAnswerException;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt to connect to a database, with a description for operators.
 *
 * @param definition the database
 * @param details the connection details or {@code null} if they could not be resolved,
 * for example because an embedded server did not start
 * @param cause the exception
 */
record StartFailure(DatabaseDefinition definition, @Nullable DatabaseConnectionDetails details, Throwable cause) {

	/** Class of the SQLStates that drivers use if no server has answered. */
	private static final String CONNECTION_EXCEPTION = "08";

	static StartFailure of(DatabaseDefinition definition, Throwable cause) {
		return new StartFailure(definition, definition.connectionDetails().get(), cause);
	}

	/**
	 * Returns whether another attempt would fail for the same reason.
	 */
	boolean isPermanent() {
		if (this.cause instanceof DatabaseCredentialsException) {
			return !(this.cause instanceof CredentialsProviderFailure);
		}
		return this.details == null || this.cause instanceof DatabaseStartException || reason().isPermanent();
	}

	/**
	 * Returns whether the server has answered, even if late or with an error.
	 */
	boolean isAnswer() {
		return this.details != null
				&& (reason().isAnswer() || Causes.find(LateAnswerException.class, this.cause) != null
						|| (reason() == FailureReason.OTHER && isErrorOfServer()));
	}

	private boolean isErrorOfServer() {
		return Causes.of(this.cause)
			.filter(SQLException.class::isInstance)
			.map((failure) -> ((SQLException) failure).getSQLState())
			.anyMatch((state) -> state != null && !state.startsWith(CONNECTION_EXCEPTION));
	}

	/**
	 * Returns whether the host has not reacted at all.
	 */
	boolean isSilence() {
		return this.details != null && reason() == FailureReason.UNREACHABLE;
	}

	/**
	 * Returns a description of the failure, the end of a sentence.
	 */
	String describe() {
		if (this.cause instanceof DatabaseStartException || this.details == null) {
			return String.valueOf(this.cause.getMessage());
		}
		return reason().describe(this.cause);
	}

	/**
	 * Returns how to fix it, in full sentences.
	 */
	String getAction() {
		if (this.cause instanceof DatabaseStartException failure) {
			return failure.getAction();
		}
		if (this.cause instanceof DatabaseCredentialsException failure) {
			return failure.getAction();
		}
		String key = this.definition.key("url");
		return (this.details != null) ? reason().getAction(key) + adviseWithoutPassword()
				: "Fix the problem described above, or change '%s'.".formatted(key);
	}

	private String adviseWithoutPassword() {
		boolean without = this.details != null && this.details.password() == null
				&& this.definition.settings().password() == null
				&& this.definition.settings().credentials().passwordFile() == null;
		return (without && reason() == FailureReason.AUTHENTICATION)
				? " '%s' has no value. In YAML, a value that begins with '#' needs quotes."
					.formatted(this.definition.key("password"))
				: "";
	}

	/**
	 * Returns an object that is equal for failures that need not be logged twice.
	 */
	Object kind() {
		boolean known = !(this.cause instanceof DatabaseStartException) && this.details != null
				&& reason() != FailureReason.OTHER;
		return known ? reason() : describe();
	}

	DatabaseStartException toException(int attempts, Duration elapsed) {
		if (this.cause instanceof DatabaseStartException failure) {
			return failure;
		}
		String name = this.definition.name();
		String tried = (attempts > 1) ? " (%d attempts in %d s)".formatted(attempts, elapsed.toSeconds()) : "";
		if (this.cause instanceof DatabaseCredentialsException failure) {
			return new DatabaseStartException(name,
					"Database '%s' could not be opened%s: %s".formatted(name, tried, failure.getMessage()), getAction(),
					TroubleshootingSection.CREDENTIALS, failure);
		}
		if (this.details == null) {
			// the exception of an embedded server explains itself
			return new DatabaseStartException(name,
					"Database '%s' could not be opened: %s".formatted(name, this.cause.getMessage()), getAction(),
					TroubleshootingSection.EMBEDDED_SERVER, this.cause);
		}
		return new DatabaseStartException(name,
				"Database '%s' (%s at %s) could not be opened%s: %s".formatted(name,
						this.definition.engine().getDisplayName(), this.details.address(), tried, describe()),
				getAction(), reason().getSection(), this.cause);
	}

	private FailureReason reason() {
		return this.definition.engine().classify(this.cause);
	}

	static DatabaseStartException interrupted(String name, InterruptedException cause) {
		return new DatabaseStartException(name, "The wait for database '%s' was interrupted.".formatted(name),
				"Start the application again.", TroubleshootingSection.DATABASE_STARTING, cause);
	}

	static DatabaseStartException closed(String name) {
		return new DatabaseStartException(name, "Database '%s' is closed.".formatted(name),
				"Use the database before the application is closed.", TroubleshootingSection.DATABASE_CLOSED, null);
	}

}
