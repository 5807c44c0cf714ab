/**
 * Observes the backups of a database: asks the tool, the file or the bean that knows them
 * and the server's archiver, and derives findings. Makes no backups.
 */
@NullMarked
package io.appdbs.backup.check;

import org.jspecify.annotations.NullMarked;
