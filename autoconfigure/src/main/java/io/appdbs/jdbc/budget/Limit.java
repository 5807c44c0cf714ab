package io.appdbs.jdbc.budget;

/**
 * A limit on connections.
 *
 * @param key the key that sets it, for messages
 * @param value the limit
 */
public record Limit(String key, int value) {
}
