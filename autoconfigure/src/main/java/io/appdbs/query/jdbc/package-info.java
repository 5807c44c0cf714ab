/**
 * The query log of relational databases.
 */
@NullMarked
package io.appdbs.query.jdbc;

import org.jspecify.annotations.NullMarked;
