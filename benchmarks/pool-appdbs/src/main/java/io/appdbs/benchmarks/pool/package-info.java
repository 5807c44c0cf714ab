/**
 * Measures pools of fixed sizes and pools that follow the load.
 */
@NullMarked
package io.appdbs.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
