/**
 * Partitions of tables by ranges of dates or times, and the statements that create and
 * remove them, by engine.
 */
@NullMarked
package io.appdbs.engine.partition;

import org.jspecify.annotations.NullMarked;
