package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Usage of credentials that can change. Does not contain the credentials.
 *
 * @param since time since which the credentials have been in use; successive tokens for
 * connecting count as the same credentials
 * @param rotations number of replacements since the application started
 * @param failures number of failed attempts to get or use newer credentials since the
 * application started
 * @param expiresAt when the credentials in use expire, or {@code null} if that is not
 * known
 * @param failure why the last attempt to get or use newer credentials failed, or
 * {@code null} if those in use are the newest
 */
public record CredentialsUsage(Instant since, long rotations, long failures, @Nullable Instant expiresAt,
		@Nullable String failure) {

}
