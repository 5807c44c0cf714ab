package io.appdbs.engine.maintenance;

import org.jspecify.annotations.Nullable;

/**
 * A right that a login needs for an operation and does not have.
 *
 * @param login the login
 * @param owner the owner of the table
 * @param grant the statement that grants the right, {@code null} if only the owner can
 * have it
 */
public record MissingRight(String login, String owner, @Nullable String grant) {

}
