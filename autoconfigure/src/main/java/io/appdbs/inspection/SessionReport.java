package io.appdbs.inspection;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A session that is not idle. What the engine does not report is {@code null}.
 *
 * @param id the identifier of the session on the server
 * @param user the login
 * @param application the name that the client has given itself
 * @param client the address of the client
 * @param state the state in the engine's words
 * @param transactionAge since when the transaction has been open
 * @param statementAge since when the statement has been running
 * @param waitingFor what the session waits for, in the engine's words
 * @param blockedBy the identifiers of the sessions that it waits for
 * @param statement the statement, possibly cut
 */
public record SessionReport(String id, @Nullable String user, @Nullable String application, @Nullable String client,
		@Nullable String state, @Nullable Duration transactionAge, @Nullable Duration statementAge,
		@Nullable String waitingFor, List<String> blockedBy, @Nullable String statement) {

	public SessionReport {
		blockedBy = List.copyOf(blockedBy);
	}

}
