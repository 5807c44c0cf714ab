/**
 * Proxies around JDBC's objects.
 */
@NullMarked
package io.appdbs.jdbc.proxy;

import org.jspecify.annotations.NullMarked;
