package io.appdbs.engine.distributed;

import java.sql.Connection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.MySqlEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.Replication;
import org.jspecify.annotations.Nullable;

/**
 * Vitess, which is <a href=
 * "https://vitess.io/docs/reference/compatibility/mysql-compatibility/">compatible with
 * MySQL</a>, with the driver of MySQL.
 */
final class VitessEngine extends MySqlEngine {

	VitessEngine() {
		super("vitess", "Vitess");
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of("vitess");
	}

	@Override
	protected String getJdbcPrefix() {
		return "jdbc:mysql:";
	}

	/**
	 * For example {@code MySQL 8.0.30-Vitess}.
	 */
	@Override
	public boolean recognizes(String serverVersion) {
		return serverVersion.toLowerCase(Locale.ROOT).contains("-vitess");
	}

	/**
	 * Whether a transaction is read-only is a matter of each shard.
	 */
	@Override
	public boolean isReadOnlyEnforced() {
		return false;
	}

	@Override
	public @Nullable String getReadOnlyQuery() {
		return null;
	}

	/**
	 * A session with variables gets a
	 * <a href="https://vitess.io/docs/reference/query-serving/reserved-conn/">connection
	 * of its own</a> to each shard.
	 */
	@Override
	public boolean isSupported(ServerTimeout timeout) {
		return false;
	}

	/**
	 * A keyspace is created by the tools of Vitess, unless the operator has added a
	 * plug-in.
	 */
	@Override
	public @Nullable DatabaseConnectionDetails getMaintenanceConnectionDetails(DatabaseConnectionDetails details) {
		return null;
	}

	@Override
	public @Nullable Replication getReplication() {
		return null;
	}

	@Override
	public JdbcInspector getInspector() {
		return new UninspectedServer(getDisplayName());
	}

	@Override
	public @Nullable Partitioning getPartitioning() {
		return null;
	}

	@Override
	public @Nullable PrivilegeReader getPrivilegeReader() {
		return null;
	}

	@Override
	public @Nullable JdbcMaintenance getMaintenance() {
		return null;
	}

	@Override
	public @Nullable String readServerAudit(Connection connection) {
		return null;
	}

	/**
	 * The limit is that of one of the servers.
	 */
	@Override
	public List<ConnectionLimit> readConnectionLimits(Connection connection) {
		return List.of();
	}

}
