/**
 * Embedded servers behind the {@code embedded:} scheme: real servers from optional
 * artifacts, started for one application and gone with it, even if it was killed.
 */
@NullMarked
package io.appdbs.embedded;

import org.jspecify.annotations.NullMarked;
