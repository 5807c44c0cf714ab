/**
 * Sessions that maintain relational databases, on connections outside of the pool.
 */
@NullMarked
package io.appdbs.jdbc.maintenance;

import org.jspecify.annotations.NullMarked;
