package io.appdbs.engine.distributed;

import java.sql.Connection;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.MySqlEngine;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.Replication;
import org.jspecify.annotations.Nullable;

/**
 * Engine of servers that distribute tables and have the protocol of MySQL, with the
 * driver of MySQL. What a MySQL server knows of itself, they know of one server at most.
 */
abstract class DistributedMySqlEngine extends MySqlEngine {

	DistributedMySqlEngine(String id, String displayName) {
		super(id, displayName);
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of(getId());
	}

	@Override
	protected String getJdbcPrefix() {
		return "jdbc:mysql:";
	}

	/**
	 * TiDB <a href=
	 * "https://docs.pingcap.com/tidb/stable/sql-statement-start-transaction/">accepts
	 * writes</a> in a read-only transaction. For Vitess, whether one is read-only is a
	 * matter of each shard.
	 */
	@Override
	public boolean isReadOnlyEnforced() {
		return false;
	}

	@Override
	public @Nullable String getReadOnlyQuery() {
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
