package io.appdbs.backup;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The state of the continuous archiving of a server's log.
 *
 * @param last when the server archived last, or {@code null} if it has not archived since
 * its statistics began
 * @param lag for how long the server has been writing to its log without archiving it, by
 * its own clock; {@code null} if it has not been writing or that is unknown
 * @param failing whether the last attempt to archive failed
 */
public record ArchiveStatus(@Nullable Instant last, @Nullable Duration lag, boolean failing) {

}
