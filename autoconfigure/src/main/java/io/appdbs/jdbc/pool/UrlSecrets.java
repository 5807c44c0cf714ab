package io.appdbs.jdbc.pool;

import java.sql.SQLException;

import io.appdbs.engine.Causes;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a URL that its engine cannot parse: everything after the scheme, and the
 * part that may be a login.
 */
final class UrlSecrets {

	private static final String HIDDEN = "***";

	private final boolean shown;

	private final String rest;

	private final String login;

	UrlSecrets(DatabaseConnectionDetails details) {
		this.shown = details.displayUrl().equals(details.url());
		this.rest = details.url().replaceFirst("^(?i)(?:jdbc:)?[^:]*:", "");
		this.login = this.rest.substring(0, Math.max(this.rest.lastIndexOf('@'), 0)).replaceFirst("^\\w+:", "");
	}

	/**
	 * Returns an exception whose messages do not contain the secrets.
	 * @return the same exception if its messages do not contain them
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
