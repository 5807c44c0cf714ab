package io.appdbs.jdbc;

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
 * Warns when the pools that share a server can open more connections than it takes: once
 * per server, as soon as opening each database has been tried. Safe for use by several
 * threads.
 */
public final class ConnectionLimitCheck {

	private static final Log logger = LogFactory.getLog(ConnectionLimitCheck.class);

	private final List<String> order;

	private final Set<String> untried;

	private final Map<String, Pool> pools = new LinkedHashMap<>();

	private final Set<Share> warned = new HashSet<>();

	/**
	 * Create a new {@link ConnectionLimitCheck}.
	 * @param databases the names of the relational databases of the application
	 */
	public ConnectionLimitCheck(Collection<String> databases) {
		this.order = List.copyOf(databases);
		this.untried = new HashSet<>(databases);
	}

	/**
	 * Take note of a pool. That of a database which is opened again replaces the former.
	 * @param definition the database
	 * @param target where it connects to
	 * @param engine the engine that the server turned out to be
	 * @param maximumPoolSize the most connections of the pool
	 * @param limits the limits of the server
	 */
	synchronized void opened(DatabaseDefinition definition, DatabaseConnectionDetails target, JdbcEngine engine,
			int maximumPoolSize, List<ConnectionLimit> limits) {
		String own = definition.settings().username();
		Set<String> hosts = target.hosts()
			.stream()
			.map((host) -> host.toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(LinkedHashSet::new));
		this.pools.put(definition.name(), new Pool(definition.name(), target.database(), hosts, engine.getDisplayName(),
				(own != null) ? own : target.username(), maximumPoolSize, limits));
		tried(definition.name());
	}

	/**
	 * Take note that a database could not be opened at start-up.
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

	private void check(Pool first, ConnectionLimit limit, String host) {
		Share share = new Share(host, first.subject(limit.scope()), limit.scope(), limit.setting());
		List<Pool> sharing = this.order.stream()
			.map(this.pools::get)
			.filter(Objects::nonNull)
			.filter((pool) -> pool.isPartOf(share))
			.toList();
		int sum = sharing.stream().mapToInt(Pool::maximumSize).sum() + sharing.size();
		if (sum > limit.connections() && this.warned.add(share)) {
			warn(first.engine() + " server " + host, limit, sharing);
		}
	}

	private void warn(String server, ConnectionLimit limit, List<Pool> sharing) {
		String names = sharing.stream().map(Pool::database).collect(Collectors.joining(", "));
		String sizes = sharing.stream().map((pool) -> pool.maximumSize() + " + ").collect(Collectors.joining());
		logger.warn(
				"%s the %s%s and can open %s%d connections (pools, and one each to watch them), more than its limit of %d (%s). Lower app.dbs.<name>.pool.max-size, or raise %s."
					.formatted((sharing.size() > 1) ? "Databases " + names + " share" : "Database " + names + " uses",
							server, (limit.scope() == Scope.LOGIN) ? " with the same login" : "", sizes, sharing.size(),
							limit.connections(), limit.description(), limit.setting()));
	}

	/**
	 * What one limit is for.
	 *
	 * @param host the server as {@code host:port}
	 * @param subject the login or database that has the limit, empty for the server
	 * @param scope which of them
	 * @param setting the setting of the server that the limit comes from
	 */
	private record Share(String host, String subject, Scope scope, String setting) {

	}

	/**
	 * The pool of one database.
	 *
	 * @param database the name of the database
	 * @param target the name that the server knows the database by
	 * @param hosts the servers as {@code host:port}
	 * @param engine the name of the engine
	 * @param login the login or {@code null} if it is the driver's default
	 * @param maximumSize the most connections of the pool
	 * @param limits the limits of the server
	 */
	private record Pool(String database, @Nullable String target, Set<String> hosts, String engine,
			@Nullable String login, int maximumSize, List<ConnectionLimit> limits) {

		boolean isPartOf(Share share) {
			return this.hosts.contains(share.host()) && subject(share.scope()).equals(share.subject());
		}

		String subject(Scope scope) {
			return switch (scope) {
				case SERVER -> "";
				case LOGIN -> String.valueOf(this.login);
				case DATABASE -> String.valueOf(this.target);
			};
		}

	}

}
