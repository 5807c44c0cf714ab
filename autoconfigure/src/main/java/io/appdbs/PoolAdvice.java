package io.appdbs;

/**
 * The size that a pool should have, from what was measured.
 *
 * @param recommended the recommended maximum number of connections, for one instance of
 * the application
 * @param reason what was measured, for operators
 */
public record PoolAdvice(int recommended, String reason) {

}
