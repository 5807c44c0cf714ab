/**
 * Connection pools and the layers of a connection below them.
 */
@NullMarked
package io.appdbs.jdbc.pool;

import org.jspecify.annotations.NullMarked;
