package io.appdbs.replica;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.appdbs.PoolUsage;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.ReplicaReadSettings.OnUnavailable;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The {@link javax.sql.DataSource} of a database with replicas: a read-only transaction
 * gets a connection of the replica that has least to do, all else one of the database
 * itself.
 */
public final class ReplicaRoutingDataSource extends DelegatingDataSource {

	private final DatabaseDefinition definition;

	private final JdbcDatabaseConnector primary;

	private final List<JdbcDatabaseConnector> replicas;

	private final @Nullable RecentWrites recentWrites;

	private final AtomicInteger next = new AtomicInteger();

	/**
	 * Create a new {@link ReplicaRoutingDataSource}.
	 * @param definition the database
	 * @param primary the database's own connections
	 * @param replicas the replicas
	 * @param user tells which user the current thread works for, {@code null} for none
	 */
	public ReplicaRoutingDataSource(DatabaseDefinition definition, JdbcDatabaseConnector primary,
			List<JdbcDatabaseConnector> replicas, Supplier<@Nullable Object> user) {
		super(primary.getDataSource());
		this.definition = definition;
		this.primary = primary;
		this.replicas = List.copyOf(replicas);
		this.recentWrites = definition.settings().replicaReads().readOwnWritesFor().isZero() ? null
				: new RecentWrites(definition.settings().replicaReads().readOwnWritesFor(), () -> {
					Object current = user.get();
					return (current != null) ? current : WriterHolder.get();
				}, System::nanoTime);
	}

	@Override
	public Connection getConnection() throws SQLException {
		RecentWrites writes = this.recentWrites;
		if (!ReadOnlyTransactionListener.takeBeginning(this.definition.name())) {
			return (writes != null) ? borrowForWriting(writes) : super.getConnection();
		}
		long begin = System.nanoTime();
		Connection connection = (writes == null || !writes.isRecent()) ? borrowFromReplica(begin) : null;
		return (connection != null) ? connection : this.primary.borrow(begin);
	}

	private Connection borrowForWriting(RecentWrites writes) throws SQLException {
		Object writer = writes.begin();
		try {
			return new WritingConnection(super.getConnection(), () -> writes.end(writer)).createProxy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			writes.end(writer);
			throw ex;
		}
	}

	/**
	 * Borrow from the first replica that has a connection, those with least to do first.
	 * All together have the time that a caller waits.
	 */
	private @Nullable Connection borrowFromReplica(long begin) throws SQLException {
		SQLException failure = null;
		for (JdbcDatabaseConnector replica : inOrder()) {
			try {
				return replica.borrow(begin);
			}
			catch (SQLException ex) {
				if (failure != null) {
					ex.addSuppressed(failure);
				}
				failure = ex;
			}
		}
		if (this.definition.settings().replicaReads().onUnavailable() == OnUnavailable.FAIL) {
			throw unavailable(failure);
		}
		return null;
	}

	private List<JdbcDatabaseConnector> inOrder() {
		// equally busy ones take turns
		int first = Math.floorMod(this.next.getAndIncrement(), this.replicas.size());
		List<Candidate> candidates = new ArrayList<>(this.replicas.size());
		for (int i = 0; i < this.replicas.size(); i++) {
			JdbcDatabaseConnector replica = this.replicas.get((first + i) % this.replicas.size());
			if (replica.getReasonNotToRead() == null) {
				candidates.add(new Candidate(replica, load(replica.getPoolUsage())));
			}
		}
		candidates.sort(Comparator.comparingDouble(Candidate::load));
		return candidates.stream().map(Candidate::replica).toList();
	}

	private static double load(@Nullable PoolUsage usage) {
		return (usage != null) ? (usage.active() + usage.waiting()) / (double) usage.maximum() : 0;
	}

	private SQLException unavailable(@Nullable SQLException cause) {
		String reasons = this.replicas.stream().map((replica) -> {
			String reason = replica.getReasonNotToRead();
			return "'%s' %s".formatted(replica.getName(), (reason != null) ? reason : "gave no connection");
		}).collect(Collectors.joining(", "));
		return new ReplicaUnavailableException(this.definition.name(),
				"Database '%s' has no replica that can serve reads: %s. Set '%s' to 'primary' to read from the database itself then."
					.formatted(this.definition.name(), reasons, this.definition.key("replica-reads.on-unavailable")),
				cause);
	}

	/**
	 * A replica that may serve a read.
	 *
	 * @param replica the replica
	 * @param load what share of its pool is in use
	 */
	private record Candidate(JdbcDatabaseConnector replica, double load) {

	}

	/**
	 * A connection on which something may be written until it is closed.
	 */
	private static final class WritingConnection implements InvocationHandler {

		private final Connection delegate;

		private final Runnable end;

		private final AtomicBoolean ended = new AtomicBoolean();

		WritingConnection(Connection delegate, Runnable end) {
			this.delegate = delegate;
			this.end = end;
		}

		Connection createProxy() {
			return (Connection) Proxy.newProxyInstance(WritingConnection.class.getClassLoader(),
					new Class<?>[] { Connection.class }, this);
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			String name = method.getName();
			if (name.equals("equals") && args != null) {
				return proxy == args[0];
			}
			try {
				return AopUtils.invokeJoinpointUsingReflection(this.delegate, method,
						(args != null) ? args : new Object[0]);
			}
			finally {
				if ((name.equals("close") || name.equals("abort")) && this.ended.compareAndSet(false, true)) {
					this.end.run();
				}
			}
		}

	}

}
