/**
 * Micro-benchmarks, and the server for whole-process measurements.
 */
@NullMarked
package io.appdbs.benchmarks;

import org.jspecify.annotations.NullMarked;
