package io.appdbs.audit;

import org.jspecify.annotations.Nullable;

/**
 * Statements of a unit of work that were executed one after the other and differ only in
 * their values, or commands of MongoDB.
 *
 * @param text the text with {@code ?} for each value, or for a command its name, its
 * collection and the shape of its arguments
 * @param user the user when it was executed, who can change within a transaction
 * @param write whether it writes, or may do so
 * @param executions the number of executions, each statement of a batch included
 * @param rows the number of rows or documents that were written or, for a read, that the
 * application has read, or {@code null} if it is not known
 * @param failure the type of the failure with its code or {@code null} if there is none
 * @param undone whether it was rolled back to a savepoint
 */
public record AuditStatement(String text, AuditUser user, boolean write, long executions, @Nullable Long rows,
		@Nullable String failure, boolean undone) {

}
