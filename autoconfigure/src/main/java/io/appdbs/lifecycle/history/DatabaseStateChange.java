package io.appdbs.lifecycle.history;

import java.time.Instant;

import io.appdbs.DatabaseState;
import org.jspecify.annotations.Nullable;

/**
 * A past change of the state of a database.
 *
 * @param time when the new state began
 * @param from the state before
 * @param to the state after
 * @param reason why the database went down, for operators, or {@code null} if it did not
 */
public record DatabaseStateChange(Instant time, DatabaseState from, DatabaseState to, @Nullable String reason) {

}
