/**
 * Partitions that are created ahead of the rows that belong into them, and removed when
 * their rows are old enough.
 */
@NullMarked
package io.appdbs.maintenance.partition;

import org.jspecify.annotations.NullMarked;
