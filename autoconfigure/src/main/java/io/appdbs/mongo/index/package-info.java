/**
 * Indexes that the entities of MongoDB databases declare: compared with those of the
 * server, and created.
 */
@NullMarked
package io.appdbs.mongo.index;

import org.jspecify.annotations.NullMarked;
