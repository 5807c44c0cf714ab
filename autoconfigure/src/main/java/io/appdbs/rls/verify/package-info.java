/**
 * Proof that the policies of a database with row-level security bind the application.
 */
@NullMarked
package io.appdbs.rls.verify;

import org.jspecify.annotations.NullMarked;
