/**
 * Statements that maintain tables and indexes, and what their results mean, per engine.
 */
@NullMarked
package io.appdbs.engine.maintenance;

import org.jspecify.annotations.NullMarked;
