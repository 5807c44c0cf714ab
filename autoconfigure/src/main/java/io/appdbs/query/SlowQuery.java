package io.appdbs.query;

/**
 * A statement whose execution took at least {@code slow-query-threshold}.
 *
 * @param sql the statement as the application has written it, which may contain secrets
 * @param text the text in the log
 * @param prepared whether question marks in the statement are parameters
 * @param nanos the duration in nanoseconds
 */
public record SlowQuery(String sql, String text, boolean prepared, long nanos) {

}
