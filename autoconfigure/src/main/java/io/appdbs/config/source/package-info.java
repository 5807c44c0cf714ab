/**
 * Where settings are written: property sources, known keys, and the problems that are
 * reported with them.
 */
@NullMarked
package io.appdbs.config.source;

import org.jspecify.annotations.NullMarked;
