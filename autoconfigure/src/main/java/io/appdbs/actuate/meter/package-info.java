/**
 * Meters of databases.
 */
@NullMarked
package io.appdbs.actuate.meter;

import org.jspecify.annotations.NullMarked;
