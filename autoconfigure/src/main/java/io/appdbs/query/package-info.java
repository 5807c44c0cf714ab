/**
 * The log of queries, relational and MongoDB, and the slow ones among them.
 */
@NullMarked
package io.appdbs.query;

import org.jspecify.annotations.NullMarked;
