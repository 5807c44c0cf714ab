package io.appdbs.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A unit of work of the application: a transaction, or a statement, a batch or a command
 * outside of one. Contains no values.
 *
 * @param id the identifier, {@code <start>-<number>}: the first part is different for
 * each start of the application, the number counts the recorded units of the database.
 * Several events of one unit have the same identifier, and the last one is valid
 * @param database the name of the database
 * @param time when the unit began
 * @param duration how long it took until now
 * @param user the user of the first statement
 * @param traceId the identifier of the trace or {@code null} if there is none
 * @param transaction the name of the transaction, by default class and method of
 * {@code @Transactional}, or {@code null} if there is none
 * @param outcome how the unit ended
 * @param failure the type of the failure with its code, such as
 * {@code PSQLException(23505)}, or {@code null} if there is none
 * @param statements the statements in order, the first 100 different ones
 * @param omittedStatements the number of executions that are not in {@code statements}
 */
public record AuditEvent(String id, String database, Instant time, Duration duration, AuditUser user,
		@Nullable String traceId, @Nullable String transaction, AuditOutcome outcome, @Nullable String failure,
		List<AuditStatement> statements, long omittedStatements) {

	public AuditEvent {
		statements = List.copyOf(statements);
	}

}
