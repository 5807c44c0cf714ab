/**
 * Beans for the caches of databases.
 */
@NullMarked
package io.appdbs.bean.cache;

import org.jspecify.annotations.NullMarked;
