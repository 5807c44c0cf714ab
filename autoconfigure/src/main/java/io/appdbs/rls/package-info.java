/**
 * Row-level security: statements run under the context of the current user, which the
 * database's own policies read.
 */
@NullMarked
package io.appdbs.rls;

import org.jspecify.annotations.NullMarked;
