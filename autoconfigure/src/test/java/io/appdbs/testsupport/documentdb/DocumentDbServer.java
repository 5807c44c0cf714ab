package io.appdbs.testsupport.documentdb;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server with MongoDB's protocol, sessions and transactions, in front of the engine
 * DocumentDB. It presents itself as a replica set, whose members share all data.
 */
public final class DocumentDbServer implements AutoCloseable {

	public static final String RUNNING = ", running";

	private static final AtomicInteger names = new AtomicInteger();

	private final ServerState state;

	private final List<Member> members;

	private DocumentDbServer(ServerState state, List<Member> members) {
		this.state = state;
		this.members = members;
		members.forEach((member) -> member.setMembers(members));
		members.get(0).setPrimary(true);
	}

	/**
	 * Starts a server.
	 * @param engine the JDBC URL of the engine
	 * @param members the number of members of the replica set
	 */
	public static DocumentDbServer start(String engine, int members) {
		ServerState state = ServerState.create(engine);
		return new DocumentDbServer(state, Stream.generate(() -> new Member(state)).limit(members).toList());
	}

	/**
	 * Returns the URL of a database that does not exist yet.
	 * @param prefix the start of its name
	 */
	public String getUrl(String prefix) {
		return getUrlOf(prefix + "-" + names.incrementAndGet());
	}

	/**
	 * Returns the URL of a database.
	 * @param database the name
	 */
	public String getUrlOf(String database) {
		return this.members.stream()
			.map(Member::getAddress)
			.collect(Collectors.joining(",", "mongodb://", "/" + database + "?replicaSet=" + Member.SET_NAME));
	}

	/**
	 * Returns the host and the port of a member.
	 */
	public String getAddress(int member) {
		return this.members.get(member).getAddress();
	}

	/**
	 * Makes clients connect to a proxy.
	 * @param member the member behind the proxy
	 * @param address the host and the port of the proxy
	 */
	public void setAdvertisedAddress(int member, String address) {
		this.members.get(member).setAddress(address);
	}

	/**
	 * Adds a user or changes the password of a user. From the first user on, clients have
	 * to log in.
	 */
	public void setUser(String user, String password) {
		this.state.users().set(user, password);
	}

	/**
	 * Removes a user, whose open connections become useless.
	 */
	public void removeUser(String user) {
		this.state.users().remove(user);
	}

	/**
	 * Makes commands fail.
	 */
	public void fail(Failure failure) {
		this.state.failures().add(failure);
	}

	/**
	 * Makes the primary a secondary, which aborts all transactions. The replica set has
	 * no primary until {@link #elect}.
	 */
	public void stepDown() {
		this.members.forEach((member) -> member.setPrimary(false));
		this.state.sessions().abortAll();
	}

	/**
	 * Makes a member the primary.
	 */
	public void elect(int member) {
		if (!this.members.get(member).isPrimary()) {
			stepDown();
		}
		this.members.get(member).setPrimary(true);
	}

	/**
	 * Stops listening and closes all connections, like a server that is stopped.
	 */
	public void stop() {
		this.members.forEach(Member::stop);
		this.state.sessions().abortAll();
	}

	/**
	 * Listens again on the same ports after {@link #stop()}.
	 */
	public void restart() {
		this.members.forEach(Member::restart);
	}

	/**
	 * Returns the latest command of each open connection, with {@link #RUNNING} at its
	 * end while it is being executed.
	 */
	public List<String> getLatestCommands() {
		return this.members.stream().flatMap((member) -> member.getLatestCommands().stream()).toList();
	}

	/**
	 * Returns how many connections are open.
	 */
	public int countSockets() {
		return this.members.stream().mapToInt(Member::countSockets).sum();
	}

	/**
	 * Returns how many connections of a user are open.
	 */
	public int countSockets(String user) {
		return this.members.stream().mapToInt((member) -> member.countSockets(user)).sum();
	}

	/**
	 * Returns how many sessions clients have used and not ended.
	 */
	public int countSessions() {
		return this.state.sessions().count();
	}

	/**
	 * Returns how many sessions clients have ended.
	 */
	public int countEndedSessions() {
		return this.state.sessions().countEnded();
	}

	/**
	 * Returns how many transactions are open.
	 */
	public int countTransactions() {
		return this.state.sessions().countInTransaction();
	}

	/**
	 * Returns how many cursors are open.
	 */
	public int countCursors() {
		return this.state.cursors().count();
	}

	/**
	 * Returns how often clients have sent a command.
	 */
	public int countCommands(String name) {
		AtomicInteger count = this.state.counts().get(name);
		return (count != null) ? count.get() : 0;
	}

	@Override
	public void close() {
		this.members.forEach(Member::stop);
		this.state.close();
	}

}
