/**
 * Engines as applications write them.
 */
@NullMarked
package io.appdbs.engine.custom;

import org.jspecify.annotations.NullMarked;
