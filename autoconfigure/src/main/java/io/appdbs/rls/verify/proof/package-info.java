/**
 * What the evaluated policies let through, and the findings that follow.
 */
@NullMarked
package io.appdbs.rls.verify.proof;

import org.jspecify.annotations.NullMarked;
