/**
 * Queries about the nodes that a server distributes tables to, per engine.
 */
@NullMarked
package io.appdbs.engine.cluster;

import org.jspecify.annotations.NullMarked;
