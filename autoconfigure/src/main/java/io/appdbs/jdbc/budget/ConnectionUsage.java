package io.appdbs.jdbc.budget;

/**
 * The use of a {@link ConnectionBudget}.
 *
 * @param limit the maximum number of connections
 * @param open the connections that are open or being opened
 * @param connecting those of them that are being opened
 * @param waiting the connections that wait to be admitted
 * @param opened how many were opened since the start
 * @param returned how many idle connections were closed since the start because others
 * waited
 * @param rejected how many were not admitted in time since the start
 */
public record ConnectionUsage(int limit, int open, int connecting, int waiting, long opened, long returned,
		long rejected) {
}
