/**
 * Runs inspections, each on a connection that the application does not use.
 */
@NullMarked
package io.appdbs.inspection.support;

import org.jspecify.annotations.NullMarked;
