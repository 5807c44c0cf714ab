/**
 * The query log and the slow query log, of relational databases and MongoDB.
 */
@NullMarked
package io.appdbs.query;

import org.jspecify.annotations.NullMarked;
