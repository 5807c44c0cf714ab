/**
 * Where Spring Boot meets named databases: properties, bean definitions,
 * auto-configurations and failure analyses.
 */
@NullMarked
package io.appdbs.autoconfigure;

import org.jspecify.annotations.NullMarked;
