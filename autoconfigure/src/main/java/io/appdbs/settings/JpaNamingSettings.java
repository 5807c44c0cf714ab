package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

/**
 * Naming strategies of a persistence unit.
 *
 * @param implicitStrategy Fully qualified name of the implicit naming strategy.
 * @param physicalStrategy Fully qualified name of the physical naming strategy.
 */
public record JpaNamingSettings(@Nullable String implicitStrategy, @Nullable String physicalStrategy) {

}
