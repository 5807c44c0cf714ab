/**
 * Reads what inspections report of MySQL and MariaDB.
 */
@NullMarked
package io.appdbs.engine.inspection.mysql;

import org.jspecify.annotations.NullMarked;
