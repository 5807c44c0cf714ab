/**
 * Auto-configurations, conditions, failure analyzers, and the coexistence with the
 * databases of Spring Boot.
 */
@NullMarked
package io.appdbs.autoconfigure;

import org.jspecify.annotations.NullMarked;
