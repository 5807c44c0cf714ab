/**
 * Databases that backups are restored into, and their dialects.
 */
@NullMarked
package io.appdbs.restore.sql;

import org.jspecify.annotations.NullMarked;
