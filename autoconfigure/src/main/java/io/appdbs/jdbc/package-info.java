/**
 * Relational databases: data sources, exceptions and checks.
 */
@NullMarked
package io.appdbs.jdbc;

import org.jspecify.annotations.NullMarked;
