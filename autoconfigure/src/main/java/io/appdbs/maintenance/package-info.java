/**
 * Operations that maintain the tables and indexes of a database.
 */
@NullMarked
package io.appdbs.maintenance;

import org.jspecify.annotations.NullMarked;
