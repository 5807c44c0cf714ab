package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which credentials of a database are in use, if they can change. Holds none of them.
 *
 * @param since since when those in use have been; tokens for connecting that follow one
 * another count as the same
 * @param rotations how often they have been replaced since the application started
 * @param expiresAt when those in use end or {@code null} if that is not known
 * @param failure why newer ones could not be got or used at the last attempt, or
 * {@code null} if those in use are the newest
 */
public record CredentialsUsage(Instant since, long rotations, @Nullable Instant expiresAt, @Nullable String failure) {

}
