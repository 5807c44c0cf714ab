/**
 * Databases in containers that are started with the application or its tests.
 */
@NullMarked
package io.appdbs.container;

import org.jspecify.annotations.NullMarked;
