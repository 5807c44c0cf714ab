package io.appdbs.inspection;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How the server would execute a statement that was slow, without the values of its
 * parameters. For actual values, it may choose another plan.
 *
 * @param status whether there is a plan
 * @param statement the text, as in the log of slow queries
 * @param took how long the execution took that was slow
 * @param takenAt when the server was asked for the plan
 * @param plan the plan, possibly in several lines and cut, or {@code null} if there is
 * none
 * @param message why there is no plan, {@code null} if there is one
 */
public record StatementPlan(ReportStatus status, String statement, Duration took, Instant takenAt,
		@Nullable String plan, @Nullable String message) {

}
