/**
 * Reads how servers archive their log, as is needed to restore to a point in time.
 */
@NullMarked
package io.appdbs.engine.archive;

import org.jspecify.annotations.NullMarked;
