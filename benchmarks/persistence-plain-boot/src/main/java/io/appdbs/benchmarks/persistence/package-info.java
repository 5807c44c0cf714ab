/**
 * The application whose start-up is measured.
 */
@NullMarked
package io.appdbs.benchmarks.persistence;

import org.jspecify.annotations.NullMarked;
