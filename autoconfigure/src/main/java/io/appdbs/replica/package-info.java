/**
 * Routing of read-only transactions to replicas, and reading one's own writes.
 */
@NullMarked
package io.appdbs.replica;

import org.jspecify.annotations.NullMarked;
