/**
 * Reactive clients and transactions of MongoDB databases. Loaded only if the reactive
 * driver is on the class path.
 */
@NullMarked
package io.appdbs.mongo.reactive;

import org.jspecify.annotations.NullMarked;
