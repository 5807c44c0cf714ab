package io.appdbs.cache;

/**
 * Usage of a cache since the start of the application.
 *
 * @param name the name of the cache
 * @param size the number of entries, which may include some that have expired
 * @param hits how often a value was found
 * @param misses how often no value was found
 * @param evictions how many entries expired or exceeded the maximum size
 */
public record CacheUsage(String name, long size, long hits, long misses, long evictions) {

}
