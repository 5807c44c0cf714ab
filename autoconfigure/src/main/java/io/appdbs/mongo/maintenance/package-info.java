/**
 * Sessions that maintain MongoDB databases, with a separate client.
 */
@NullMarked
package io.appdbs.mongo.maintenance;

import org.jspecify.annotations.NullMarked;
