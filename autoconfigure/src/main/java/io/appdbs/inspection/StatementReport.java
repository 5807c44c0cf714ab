package io.appdbs.inspection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The executions of a statement since the statistics began. What the engine does not
 * report is {@code null}.
 *
 * @param id the identifier of the statement on the server
 * @param calls how often it was executed
 * @param totalTime how long all executions took
 * @param meanTime how long an execution took on average
 * @param rows how many rows all executions returned or changed
 * @param statement the text, with placeholders in place of values, possibly cut
 */
public record StatementReport(String id, long calls, Duration totalTime, Duration meanTime, @Nullable Long rows,
		@Nullable String statement) {

}
