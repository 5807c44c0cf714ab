/**
 * Rows, users and conditions with which a policy is evaluated on the server.
 */
@NullMarked
package io.appdbs.rls.verify.witness;

import org.jspecify.annotations.NullMarked;
