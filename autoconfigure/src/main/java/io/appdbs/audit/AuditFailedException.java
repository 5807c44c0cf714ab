package io.appdbs.audit;

import java.sql.SQLNonTransientException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a unit of work was not executed or not committed because it could not be
 * recorded. Only with {@code audit.on-failure=fail}.
 */
public class AuditFailedException extends SQLNonTransientException {

	/**
	 * Creates a new {@link AuditFailedException}.
	 * @param message the message
	 * @param cause the failure of the sink or {@code null} if there is none
	 */
	public AuditFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
