/**
 * Migrations of MongoDB databases: beans and files with commands, a history, and a lock
 * for several instances of the application.
 */
@NullMarked
package io.appdbs.mongo.migration;

import org.jspecify.annotations.NullMarked;
