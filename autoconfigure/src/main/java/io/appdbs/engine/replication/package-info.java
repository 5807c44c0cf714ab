/**
 * Queries for the state of replicas, per engine.
 */
@NullMarked
package io.appdbs.engine.replication;

import org.jspecify.annotations.NullMarked;
