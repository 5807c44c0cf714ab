/**
 * The extension point: one {@link io.appdbs.engine.Engine} per kind of database server,
 * found through {@code META-INF/spring.factories}. Knows URLs, drivers and dialect, and
 * opens no connection.
 */
@NullMarked
package io.appdbs.engine;

import org.jspecify.annotations.NullMarked;
