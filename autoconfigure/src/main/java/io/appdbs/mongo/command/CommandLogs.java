package io.appdbs.mongo.command;

import com.mongodb.event.CommandListener;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.query.QueryLog;
import org.jspecify.annotations.Nullable;

/**
 * What is to know the commands of a database.
 *
 * @param queryLog logs the commands or {@code null}
 * @param trail records the units of work of the application or {@code null}
 */
public record CommandLogs(@Nullable QueryLog queryLog, @Nullable AuditTrail trail) {

	/**
	 * For a database whose commands are not logged.
	 */
	public static final CommandLogs NONE = new CommandLogs(null, null);

	/**
	 * Creates the listener of the query log.
	 * @return the listener or {@code null} without a query log
	 */
	public @Nullable CommandListener createQueryLogListener() {
		return (this.queryLog != null) ? new QueryLogCommandListener(this.queryLog) : null;
	}

	/**
	 * Creates the listener of the audit.
	 * @return the listener or {@code null} without an audit
	 */
	public @Nullable AuditCommandListener createAuditListener() {
		return (this.trail != null) ? new AuditCommandListener(this.trail) : null;
	}

}
