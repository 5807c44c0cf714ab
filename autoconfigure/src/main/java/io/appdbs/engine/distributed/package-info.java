/**
 * Engines that distribute tables to several servers, and have the protocol and the driver
 * of another engine. Their servers are recognized by their versions. What differs is
 * taken from their documentation; they are not part of the tests.
 */
@NullMarked
package io.appdbs.engine.distributed;

import org.jspecify.annotations.NullMarked;
