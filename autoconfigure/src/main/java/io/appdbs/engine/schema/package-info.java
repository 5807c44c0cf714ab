/**
 * Reads what tables of a relational database consist of.
 */
@NullMarked
package io.appdbs.engine.schema;

import org.jspecify.annotations.NullMarked;
