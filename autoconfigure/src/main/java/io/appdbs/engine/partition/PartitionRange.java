package io.appdbs.engine.partition;

import java.time.LocalDateTime;

/**
 * A partition to create.
 *
 * @param label the part of its name that says which rows it has, for example
 * {@code p2027_01}
 * @param from the first time in UTC of its rows
 * @param to the time in UTC before which its rows are
 */
public record PartitionRange(String label, LocalDateTime from, LocalDateTime to) {

}
