package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

/**
 * Naming strategies of a persistence unit.
 *
 * @param implicitStrategy Class name of the implicit naming strategy. By default, that of
 * Spring Boot.
 * @param physicalStrategy Class name of the physical naming strategy. By default, that of
 * Spring Boot.
 */
public record JpaNamingSettings(@Nullable String implicitStrategy, @Nullable String physicalStrategy) {

}
