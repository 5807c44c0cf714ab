package io.appdbs.backup;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of restoring a backup to verify it.
 *
 * @param at when the verification ended
 * @param ok whether the backup could be restored and contained what was expected
 * @param of what was restored, such as the name of a file, or {@code null} if unknown
 * @param duration how long it took, or {@code null} if unknown
 */
public record RestoreVerification(Instant at, boolean ok, @Nullable String of, @Nullable Duration duration) {

}
