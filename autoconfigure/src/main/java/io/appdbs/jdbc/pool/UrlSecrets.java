package io.appdbs.jdbc.pool;

import java.sql.SQLException;

import io.appdbs.engine.Causes;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * What must not be shown of a URL that its engine does not understand: all that follows
 * the scheme, and what in it can be a login.
 */
final class UrlSecrets {

	private static final String HIDDEN = "***";

	private final boolean shown;

	private final String rest;

	private final String login;

	UrlSecrets(DatabaseConnectionDetails target) {
		this.shown = target.displayUrl().equals(target.url());
		this.rest = target.url().replaceFirst("^(?i)(?:jdbc:)?[^:]*:", "");
		this.login = this.rest.substring(0, Math.max(this.rest.lastIndexOf('@'), 0)).replaceFirst("^\\w+:", "");
	}

	/**
	 * Return an exception whose texts do not have the secrets.
	 * @return the same exception if its texts are free of them
	 */
	SQLException hideIn(SQLException failure) {
		if (this.shown || !isIn(failure)) {
			return failure;
		}
		SQLException hidden = new SQLException(hideIn(String.valueOf(failure.getMessage())), failure.getSQLState(),
				failure.getErrorCode(), isIn(failure.getCause()) ? null : failure.getCause());
		hidden.setStackTrace(failure.getStackTrace());
		return hidden;
	}

	private boolean isIn(@Nullable Throwable failure) {
		return Causes.of(failure).map(Throwable::toString).anyMatch((text) -> !hideIn(text).equals(text));
	}

	private String hideIn(String text) {
		String result = text.replace(this.rest, HIDDEN);
		return this.login.isEmpty() ? result : result.replace(this.login, HIDDEN);
	}

}
