/**
 * Containers of Testcontainers as the servers of named databases.
 */
@NullMarked
package io.appdbs.testcontainers;

import org.jspecify.annotations.NullMarked;
