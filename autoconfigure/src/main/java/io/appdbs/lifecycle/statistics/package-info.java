/**
 * What is counted for each database.
 */
@NullMarked
package io.appdbs.lifecycle.statistics;

import org.jspecify.annotations.NullMarked;
