/**
 * Audit of relational databases, as a layer of their connections.
 */
@NullMarked
package io.appdbs.audit.jdbc;

import org.jspecify.annotations.NullMarked;
