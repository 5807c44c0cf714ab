package io.appdbs.rls;

import java.sql.SQLInvalidAuthorizationSpecException;

/**
 * Thrown when a statement has no context to run under: there is no user, a value does not
 * have the type of its setting or has none, or the user is another one than that of the
 * transaction. Nothing of the statement has been sent then. Spring translates it to a
 * {@link org.springframework.dao.PermissionDeniedDataAccessException}.
 */
public class RlsContextException extends SQLInvalidAuthorizationSpecException {

	RlsContextException(String message) {
		super(message, "28000");
	}

}
