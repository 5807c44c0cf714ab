/**
 * Caches of an application for results that come from a database. Their changes wait for
 * the commit of the database.
 */
@NullMarked
package io.appdbs.cache;

import org.jspecify.annotations.NullMarked;
