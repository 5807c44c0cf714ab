/**
 * Runs transactions again that a database has rolled back because of other ones.
 */
@NullMarked
package io.appdbs.transaction;

import org.jspecify.annotations.NullMarked;
