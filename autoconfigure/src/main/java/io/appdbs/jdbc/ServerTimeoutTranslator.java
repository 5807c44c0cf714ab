package io.appdbs.jdbc;

import java.sql.SQLException;
import java.util.function.Supplier;

import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.support.AbstractFallbackSQLExceptionTranslator;

/**
 * Translates only the exceptions of statements that reached a limit of the server, if
 * Spring does not recognize them.
 */
final class ServerTimeoutTranslator extends AbstractFallbackSQLExceptionTranslator {

	/** Known when the server has answered. */
	private final Supplier<Engine> engine;

	ServerTimeoutTranslator(Supplier<Engine> engine) {
		this.engine = engine;
	}

	@Override
	protected @Nullable DataAccessException doTranslate(String task, @Nullable String sql, SQLException failure) {
		ServerTimeout timeout = (this.engine.get() instanceof JdbcEngine jdbc) ? jdbc.findTimeout(failure) : null;
		if (timeout == null) {
			return null;
		}
		String message = buildMessage(task, sql, failure);
		return (timeout == ServerTimeout.LOCK) ? new CannotAcquireLockException(message, failure)
				: new QueryTimeoutException(message, failure);
	}

}
