package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What keeps thousands of databases that are added at run time from taking a thread or a
 * connection each.
 *
 * @param openers opens databases on a limited number of threads
 * @param idleAfter the time without use after which a database is not probed
 * @param servers the servers that have just been unreachable
 */
record WatchLimits(Executor openers, Duration idleAfter, UnreachableServers servers) {

}
