package io.appdbs.jdbc.budget;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.util.Assert;

/**
 * Limits the physical connections of all databases that share it, and the threads of
 * their pools.
 * <p>
 * <b>What counts.</b> Every connection to one of the relational databases: those of the
 * pool, of the probe, and those that are opened for the start of a database, for
 * migrations, inspection and maintenance. A permit is taken before connecting and given
 * back when the connection has been closed or aborted, when it could not be opened, or
 * when its database is removed. A connection that the driver has closed by itself is
 * found within a second while others wait. For a moment, the server can still have a
 * connection that was closed here. Clients of MongoDB do not count: their driver opens
 * connections by itself, and its pool has a limit per client only.
 * <p>
 * <b>Who waits.</b> First come, first served; a pool opens one connection after the
 * other, so databases take turns. Connections of pools and others take turns, too, and
 * the others have at most half of the connections, so that neither starves the other.
 * Within the timeout of the request, the limit therefore delays; after it, the request is
 * rejected. A thread that holds a connection of one database and waits for one of another
 * fails in this way if all connections are held, and never waits longer.
 * <p>
 * <b>Who gives back.</b> While a request waits for a connection to be closed, the idle
 * connection that was used longest ago is closed: connections of probes first, and those
 * of pools not within the shortest stay after they were opened, unless they have been
 * unused for a fifth of it. If none is idle, because the callers of a database wait for
 * each connection that it returns, the databases whose connections have been open longest
 * get theirs closed when they are returned, and wait for their next turn. So with more
 * databases in use all the time than connections, the connections are opened once per
 * shortest stay and not once per unit of work; others wait meanwhile, and the limit
 * should be increased.
 * <p>
 * <b>Connecting.</b> At most {@code connecting} connections are being opened at the same
 * time. Servers that did not answer within a second the last time have at most half of
 * that together, and so does each server that has not been asked yet. With a limit of 1,
 * a server that does not answer delays the others by the time limit for connecting. An
 * attempt that takes longer than twice that limit keeps its permit only.
 * <p>
 * <b>Threads.</b> Two for the periodic tasks of all pools, one for each connection that
 * is being opened, and those of the pools that open and close connections, which end when
 * they have no work. Since Java 24 the latter are virtual. Before, their number is that
 * of the pools for which somebody waits, and of the connections that were opened and
 * closed a moment ago.
 */
public final class ConnectionBudget implements AutoCloseable {

	/** The shortest stay of a connection unless another one is given. */
	public static final Duration DEFAULT_SHORTEST_STAY = Duration.ofSeconds(5);

	private final RuntimeThreads threads = new RuntimeThreads();

	private final Permits permits;

	private final IdleReturns returns;

	/**
	 * Creates a new {@link ConnectionBudget}.
	 * @param connections the limit on connections
	 * @param connecting the limit on connections that are being opened
	 * @param shortestStay the time for which a connection is not closed for others
	 */
	public ConnectionBudget(Limit connections, Limit connecting, Duration shortestStay) {
		Assert.isTrue(connections.value() > 0, "The number of connections must be positive");
		Assert.isTrue(connecting.value() > 0, "The number of connections that are being opened must be positive");
		this.permits = new Permits(new Shortage(connections, connecting));
		this.returns = new IdleReturns(this.permits, this.threads.scheduler(), shortestStay);
		this.permits.setOnShortage(this.returns::begin);
	}

	/**
	 * Adds a database.
	 * @param name the name of the database, for messages
	 * @return its part, to be closed after the database has been closed
	 */
	public DatabaseBudget add(String name) {
		return new DatabaseBudget(name, this.permits, this.threads);
	}

	/**
	 * Returns the use of the budget.
	 * @return the current figures
	 */
	public ConnectionUsage getUsage() {
		return this.permits.getUsage(this.returns.getReturned());
	}

	/**
	 * Returns how many connections each database has, including those that are being
	 * opened.
	 * @return the numbers by name; databases without connections are missing
	 */
	public Map<String, Integer> getConnections() {
		return this.permits.getTickets()
			.stream()
			.map((ticket) -> ticket.getDatabase().getName())
			.collect(Collectors.toMap(Function.identity(), (name) -> 1, Integer::sum));
	}

	/**
	 * Ends the threads. Called after all databases have been closed.
	 */
	@Override
	public void close() {
		this.threads.close();
	}

}
