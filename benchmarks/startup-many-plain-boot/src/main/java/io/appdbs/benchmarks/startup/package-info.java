/**
 * The application whose start-up is measured.
 */
@NullMarked
package io.appdbs.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
