/**
 * Connections that inspect relational databases.
 */
@NullMarked
package io.appdbs.jdbc.inspection;

import org.jspecify.annotations.NullMarked;
