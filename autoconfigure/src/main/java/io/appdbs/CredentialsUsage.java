package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which credentials of a database are in use, if they can change. Holds none of them.
 *
 * @param since since when those in use have been
 * @param rotations how often they have been replaced since the application started
 * @param failure why newer ones could not be got or used at the last attempt, or
 * {@code null} if those in use are the newest
 */
public record CredentialsUsage(Instant since, long rotations, @Nullable String failure) {

}
