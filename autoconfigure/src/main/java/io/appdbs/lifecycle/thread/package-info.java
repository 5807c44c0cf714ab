/**
 * Threads of the life cycle: calls of drivers that may not return, events in order, and
 * databases that are closed side by side.
 */
@NullMarked
package io.appdbs.lifecycle.thread;

import org.jspecify.annotations.NullMarked;
