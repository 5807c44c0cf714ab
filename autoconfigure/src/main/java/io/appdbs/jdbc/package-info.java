/**
 * Relational databases: their pools.
 */
@NullMarked
package io.appdbs.jdbc;

import org.jspecify.annotations.NullMarked;
