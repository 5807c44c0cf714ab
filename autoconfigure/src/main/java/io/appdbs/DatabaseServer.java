package io.appdbs;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Server of a database.
 *
 * @param engine the identifier of the engine, see {@link Database#getEngine()}
 * @param version the version that the server reports, for example
 * {@code PostgreSQL 18.1}, or {@code null} while it has not been reached
 * @param hosts the hosts as {@code host:port}; empty for a database without hosts, such
 * as a file or memory, and while the server is not known
 * @param database the name of the database on the server or {@code null} if it has none
 * @param cluster the nodes that the server distributes tables to, or {@code null} if it
 * has none
 */
public record DatabaseServer(String engine, @Nullable String version, List<String> hosts, @Nullable String database,
		@Nullable DatabaseCluster cluster) {

	public DatabaseServer {
		hosts = List.copyOf(hosts);
	}

}
