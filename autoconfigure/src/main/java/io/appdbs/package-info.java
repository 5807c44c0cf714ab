/**
 * What an application touches: the look-up of its named databases, their state, and the
 * exceptions that name them.
 */
@NullMarked
package io.appdbs;

import org.jspecify.annotations.NullMarked;
