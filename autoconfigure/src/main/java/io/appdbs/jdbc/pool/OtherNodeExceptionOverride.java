package io.appdbs.jdbc.pool;

import java.sql.SQLException;

import com.zaxxer.hikari.SQLExceptionOverride;
import io.appdbs.engine.JdbcEngine;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection whose server reports that it could not reach another one. The
 * SQLState is that of a broken connection, but the connection works.
 *
 * @param engine the engine of the database
 * @param next decides about other exceptions, or {@code null} for the pool
 */
record OtherNodeExceptionOverride(JdbcEngine engine,
		@Nullable SQLExceptionOverride next) implements SQLExceptionOverride {

	@java.lang.Override
	public Override adjudicate(SQLException failure) {
		if (this.engine.isFailureOfOtherNode(failure)) {
			return Override.DO_NOT_EVICT;
		}
		return (this.next != null) ? this.next.adjudicate(failure) : Override.CONTINUE_EVICT;
	}

}
