package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.ConnectionLimit.Scope;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Warns if the pools that share a server can open more connections than it accepts. Warns
 * once per server, after the first attempt to open each database. Thread-safe.
 */
public final class ConnectionLimitCheck {

	private static final Log logger = LogFactory.getLog(ConnectionLimitCheck.class);

	private final List<String> order;

	private final Set<String> untried;

	private final Map<String, Pool> pools = new LinkedHashMap<>();

	private final Set<Share> warned = new HashSet<>();

	/**
	 * Creates a new {@link ConnectionLimitCheck}.
	 * @param databases the names of the relational databases of the application
	 */
	public ConnectionLimitCheck(Collection<String> databases) {
		this.order = List.copyOf(databases);
		this.untried = new HashSet<>(databases);
	}

	/**
	 * Reads the limits of a server.
	 * @return the limits, empty if they cannot be read: they are used for a warning only
	 */
	static List<ConnectionLimit> readLimits(JdbcEngine engine, Connection connection) {
		try {
			return engine.readConnectionLimits(connection);
		}
		catch (SQLException ex) {
			return List.of();
		}
	}

	/**
	 * Registers a pool. It replaces the former pool of the database.
	 * @param definition the database
	 * @param details the servers and the login
	 * @param engine the engine that the server was identified as
	 * @param maximumPoolSize the maximum number of connections of the pool
	 * @param limits the limits of the server
	 */
	synchronized void opened(DatabaseDefinition definition, DatabaseConnectionDetails details, JdbcEngine engine,
			int maximumPoolSize, List<ConnectionLimit> limits) {
		String username = definition.settings().username();
		Set<String> hosts = details.hosts()
			.stream()
			.map((host) -> host.toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(LinkedHashSet::new));
		this.pools.put(definition.name(), new Pool(definition.name(), details.database(), hosts,
				engine.getDisplayName(), (username != null) ? username : details.username(), maximumPoolSize, limits));
		tried(definition.name());
	}

	/**
	 * Registers that a database could not be opened.
	 * @param database the name of the database
	 */
	synchronized void notOpened(String database) {
		tried(database);
	}

	private void tried(String database) {
		this.untried.remove(database);
		if (this.untried.isEmpty()) {
			for (Pool pool : this.pools.values()) {
				pool.limits().forEach((limit) -> pool.hosts().forEach((host) -> check(pool, limit, host)));
			}
		}
	}

	/**
	 * Returns how many connections the servers leave to the pool of a database: their
	 * limits without its probe, and without the pools and probes of the other databases.
	 * @param database the name of the database
	 * @return the number, which can be negative, or {@link Integer#MAX_VALUE} if no limit
	 * is known
	 */
	synchronized int getRoom(String database) {
		Pool pool = this.pools.get(database);
		int room = Integer.MAX_VALUE;
		if (pool != null) {
			for (ConnectionLimit limit : pool.limits()) {
				for (String host : pool.hosts()) {
					int needed = sum(findSharing(pool.share(limit, host)));
					room = Math.min(room, limit.connections() - needed + pool.maximumSize());
				}
			}
		}
		return room;
	}

	private static int sum(List<Pool> pools) {
		return pools.stream().mapToInt(Pool::maximumSize).sum() + pools.size();
	}

	private List<Pool> findSharing(Share share) {
		return this.order.stream()
			.map(this.pools::get)
			.filter(Objects::nonNull)
			.filter((pool) -> pool.isPartOf(share))
			.toList();
	}

	private void check(Pool first, ConnectionLimit limit, String host) {
		Share share = first.share(limit, host);
		List<Pool> sharing = findSharing(share);
		if (sum(sharing) > limit.connections() && this.warned.add(share)) {
			warn(first.engine() + " server " + host, limit, sharing);
		}
	}

	private void warn(String server, ConnectionLimit limit, List<Pool> sharing) {
		String names = sharing.stream().map(Pool::database).collect(Collectors.joining(", "));
		String sizes = sharing.stream().map((pool) -> pool.maximumSize() + " + ").collect(Collectors.joining());
		logger.warn(
				"%s the %s%s and can open %s%d connections (pools, and one per database for its probe), more than its limit of %d (%s). Lower app.dbs.<name>.pool.max-size, or raise %s."
					.formatted((sharing.size() > 1) ? "Databases " + names + " share" : "Database " + names + " uses",
							server, (limit.scope() == Scope.LOGIN) ? " with the same login" : "", sizes, sharing.size(),
							limit.connections(), limit.description(), limit.setting()));
	}

	/**
	 * The scope of one limit.
	 *
	 * @param host the server as {@code host:port}
	 * @param subject the login or database that has the limit, empty for the server
	 * @param scope the kind of the subject
	 * @param setting the setting of the server that defines the limit
	 */
	private record Share(String host, String subject, Scope scope, String setting) {

	}

	/**
	 * The pool of one database.
	 *
	 * @param database the name of the database
	 * @param nameOnServer the name of the database on the server
	 * @param hosts the servers as {@code host:port}
	 * @param engine the name of the engine
	 * @param login the login or {@code null} if it is the driver's default
	 * @param maximumSize the maximum number of connections of the pool
	 * @param limits the limits of the server
	 */
	private record Pool(String database, @Nullable String nameOnServer, Set<String> hosts, String engine,
			@Nullable String login, int maximumSize, List<ConnectionLimit> limits) {

		Share share(ConnectionLimit limit, String host) {
			return new Share(host, subject(limit.scope()), limit.scope(), limit.setting());
		}

		boolean isPartOf(Share share) {
			return this.hosts.contains(share.host()) && subject(share.scope()).equals(share.subject());
		}

		String subject(Scope scope) {
			return switch (scope) {
				case SERVER -> "";
				case LOGIN -> String.valueOf(this.login);
				case DATABASE -> String.valueOf(this.nameOnServer);
			};
		}

	}

}
