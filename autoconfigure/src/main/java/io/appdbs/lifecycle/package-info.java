/**
 * The life cycle of a database: start, state, probes and shutdown. One component owns the
 * state; all others read it.
 */
@NullMarked
package io.appdbs.lifecycle;

import org.jspecify.annotations.NullMarked;
