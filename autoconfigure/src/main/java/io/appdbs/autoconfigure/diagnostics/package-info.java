/**
 * Failure analyzers.
 */
@NullMarked
package io.appdbs.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
