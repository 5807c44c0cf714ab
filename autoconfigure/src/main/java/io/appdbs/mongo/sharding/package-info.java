/**
 * Sharded collections of MongoDB clusters.
 */
@NullMarked
package io.appdbs.mongo.sharding;

import org.jspecify.annotations.NullMarked;
