/**
 * Routes: one set of beans over many databases, of which each unit of work selects one.
 */
@NullMarked
package io.appdbs.routing;

import org.jspecify.annotations.NullMarked;
