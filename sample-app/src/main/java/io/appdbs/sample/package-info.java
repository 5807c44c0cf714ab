/**
 * The sample application.
 */
@NullMarked
package io.appdbs.sample;

import org.jspecify.annotations.NullMarked;
