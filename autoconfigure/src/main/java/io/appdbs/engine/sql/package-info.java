/**
 * The syntax of SQL statements, as far as the life of a connection depends on it.
 */
@NullMarked
package io.appdbs.engine.sql;

import org.jspecify.annotations.NullMarked;
