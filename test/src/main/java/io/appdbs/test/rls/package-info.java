/**
 * Assertions about row-level security.
 */
@NullMarked
package io.appdbs.test.rls;

import org.jspecify.annotations.NullMarked;
