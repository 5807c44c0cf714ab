/**
 * Runs the external programs that restore backups.
 */
@NullMarked
package io.appdbs.restore.program;

import org.jspecify.annotations.NullMarked;
