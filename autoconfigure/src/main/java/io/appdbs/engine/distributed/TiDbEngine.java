package io.appdbs.engine.distributed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.MySqlEngine;
import io.appdbs.engine.TransactionFailure;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.Replication;
import org.jspecify.annotations.Nullable;

/**
 * TiDB, which is
 * <a href="https://docs.pingcap.com/tidb/stable/mysql-compatibility/">compatible with
 * MySQL</a>, with the driver of MySQL.
 */
final class TiDbEngine extends MySqlEngine {

	/** Whether {@code Connection.setReadOnly} is sent to the server. */
	private static final String PROPAGATION = "readOnlyPropagatesToServer";

	TiDbEngine() {
		super("tidb", "TiDB");
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of("tidb");
	}

	@Override
	protected String getJdbcPrefix() {
		return "jdbc:mysql:";
	}

	@Override
	protected int getDefaultPort() {
		return 4000;
	}

	/**
	 * For example {@code MySQL 8.0.11-TiDB-v8.5.0}.
	 */
	@Override
	public boolean recognizes(String serverVersion) {
		return serverVersion.contains("-TiDB-");
	}

	/**
	 * A conflict at the commit, or with a change of the schema, by the
	 * <a href="https://docs.pingcap.com/tidb/stable/error-codes/">codes</a> that the
	 * server has in addition to those of MySQL. The transaction has been rolled back.
	 */
	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		return switch (failure.getErrorCode()) {
			case 8002, 8005, 8022, 8028, 9007 -> TransactionFailure.CONFLICT;
			default -> super.classifyTransaction(failure);
		};
	}

	/**
	 * The server <a href=
	 * "https://docs.pingcap.com/tidb/stable/sql-statement-start-transaction/">accepts
	 * writes</a> in a read-only transaction.
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
	 * Unless <a href=
	 * "https://docs.pingcap.com/tidb/stable/system-variables/#tidb_enable_noop_functions-new-in-v40">told
	 * otherwise</a>, the server rejects the statement with which the driver makes a
	 * transaction read-only.
	 */
	@Override
	public Map<String, String> getDefaultProperties(DatabaseConnectionDetails details) {
		Map<String, String> properties = new HashMap<>(super.getDefaultProperties(details));
		properties.put(PROPAGATION, "false");
		return properties;
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
