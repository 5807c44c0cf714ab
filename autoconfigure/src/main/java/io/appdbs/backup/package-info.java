/**
 * What is known about the backups of a database, and how an application reports them.
 */
@NullMarked
package io.appdbs.backup;

import org.jspecify.annotations.NullMarked;
