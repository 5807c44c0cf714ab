/**
 * The application that inspects a large database, and is measured meanwhile.
 */
@NullMarked
package io.appdbs.benchmarks.inspection;

import org.jspecify.annotations.NullMarked;
