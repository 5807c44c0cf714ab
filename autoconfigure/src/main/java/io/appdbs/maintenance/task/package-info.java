/**
 * Runs the operations that maintain a database: one task at a time, with a time limit, on
 * a session that the application does not use.
 */
@NullMarked
package io.appdbs.maintenance.task;

import org.jspecify.annotations.NullMarked;
