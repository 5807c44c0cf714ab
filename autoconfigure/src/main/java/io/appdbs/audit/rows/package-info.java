/**
 * Verification of row audit: that triggers of PostgreSQL record each change of the tables
 * that should be audited, and that the login of the application can neither prevent it
 * nor change the log.
 */
@NullMarked
package io.appdbs.audit.rows;

import org.jspecify.annotations.NullMarked;
