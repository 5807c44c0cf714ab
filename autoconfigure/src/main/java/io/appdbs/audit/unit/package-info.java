/**
 * Units of work that are being audited, and their way to the sinks.
 */
@NullMarked
package io.appdbs.audit.unit;

import org.jspecify.annotations.NullMarked;
