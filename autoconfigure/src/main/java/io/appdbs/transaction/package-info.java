/**
 * Retry of transactions that a database has rolled back because of a conflict.
 */
@NullMarked
package io.appdbs.transaction;

import org.jspecify.annotations.NullMarked;
