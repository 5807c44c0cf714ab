/**
 * Databases whose servers run in containers that the application, or a test of it, was
 * started with.
 */
@NullMarked
package io.appdbs.container;

import org.jspecify.annotations.NullMarked;
