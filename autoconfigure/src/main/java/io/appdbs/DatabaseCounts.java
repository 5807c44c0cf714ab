package io.appdbs;

/**
 * Numbers of databases of an application.
 *
 * @param total all of them
 * @param up those that can be used
 * @param down those that are down
 * @param failedAtStart those that were down when the application started
 */
public record DatabaseCounts(int total, int up, int down, int failedAtStart) {

}
