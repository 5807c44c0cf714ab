/**
 * Reads what inspections report, per engine.
 */
@NullMarked
package io.appdbs.engine.inspection;

import org.jspecify.annotations.NullMarked;
