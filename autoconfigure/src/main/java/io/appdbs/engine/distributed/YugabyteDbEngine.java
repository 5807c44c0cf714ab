package io.appdbs.engine.distributed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.appdbs.engine.ConnectionLimit;
import io.appdbs.engine.PostgreSqlEngine;
import io.appdbs.engine.TransactionFailure;
import io.appdbs.engine.archive.Archiver;
import io.appdbs.engine.cluster.ClusterReader;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.schema.CockroachDbSchemaReader;
import io.appdbs.engine.schema.JdbcSchemaReader;
import org.jspecify.annotations.Nullable;

/**
 * YugabyteDB, whose <a href="https://docs.yugabyte.com/stable/api/ysql/">SQL
 * interface</a> is that of PostgreSQL, with the driver of PostgreSQL.
 */
final class YugabyteDbEngine extends PostgreSqlEngine {

	/**
	 * Errors after a change of the schema, with the SQLState of an internal error in
	 * <a href=
	 * "https://github.com/yugabyte/yugabyte-db/releases/tag/2024.2.2.0-b34">former
	 * versions</a>. The transaction can be retried.
	 */
	private static final List<String> SCHEMA_CHANGES = List.of("schema version mismatch", "catalog version mismatch");

	YugabyteDbEngine() {
		super("yugabytedb", "YugabyteDB");
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of("yugabytedb");
	}

	@Override
	protected int getDefaultPort() {
		return 5433;
	}

	/**
	 * For example {@code PostgreSQL 11.2-YB-2024.2.11.0-b0 on …}.
	 */
	@Override
	public boolean recognizes(String serverVersion) {
		return serverVersion.contains("-YB-");
	}

	/**
	 * The server retries where it can, and <a href=
	 * "https://docs.yugabyte.com/stable/develop/learn/transactions/transactions-retries-ysql/">expects
	 * it of clients otherwise</a>.
	 */
	@Override
	public boolean isTransactionRetryExpected() {
		return true;
	}

	@Override
	protected TransactionFailure classifyTransaction(SQLException failure) {
		if ("XX000".equals(failure.getSQLState())) {
			String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
			return SCHEMA_CHANGES.stream().anyMatch(message::contains) ? TransactionFailure.CONFLICT
					: TransactionFailure.OTHER;
		}
		return super.classifyTransaction(failure);
	}

	@Override
	public String getJooqDialect() {
		return "YUGABYTEDB";
	}

	@Override
	protected String getMaintenanceDatabase() {
		return "yugabyte";
	}

	/**
	 * The functions of PostgreSQL for such locks
	 * <a href="https://github.com/yugabyte/yugabyte-db/issues/3642">raise an error</a> up
	 * to version 2024.2, and where they are not enabled.
	 */
	@Override
	public boolean tryLock(Connection connection, String name) {
		return true;
	}

	/**
	 * Every node serves all data.
	 */
	@Override
	public @Nullable Replication getReplication() {
		return null;
	}

	/**
	 * The server has no log that is archived by segments.
	 */
	@Override
	public @Nullable Archiver getArchiver() {
		return null;
	}

	@Override
	public @Nullable ClusterReader getClusterReader() {
		return null;
	}

	/**
	 * The views of PostgreSQL's statistics are those of the node of the connection.
	 */
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

	/**
	 * The sizes that the catalog has are not those of the tables.
	 */
	@Override
	public JdbcSchemaReader getSchemaReader() {
		return new CockroachDbSchemaReader();
	}

	@Override
	public boolean isRowAuditSupported() {
		return false;
	}

	@Override
	public @Nullable String readServerAudit(Connection connection) {
		return null;
	}

	/**
	 * The limit is that of a node.
	 */
	@Override
	public List<ConnectionLimit> readConnectionLimits(Connection connection) {
		return List.of();
	}

}
