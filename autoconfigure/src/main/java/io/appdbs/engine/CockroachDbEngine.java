package io.appdbs.engine;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.archive.Archiver;
import io.appdbs.engine.cluster.ClusterReader;
import io.appdbs.engine.inspection.CockroachDbInspector;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.maintenance.CockroachDbMaintenance;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.engine.partition.Partitioning;
import io.appdbs.engine.privilege.PrivilegeReader;
import io.appdbs.engine.replication.Replication;
import io.appdbs.engine.schema.CockroachDbSchemaReader;
import io.appdbs.engine.schema.JdbcSchemaReader;
import org.jspecify.annotations.Nullable;

/**
 * CockroachDB, with the driver of PostgreSQL.
 */
final class CockroachDbEngine extends PostgreSqlEngine {

	private static final JdbcInspector INSPECTOR = new CockroachDbInspector();

	CockroachDbEngine() {
		super("cockroachdb", "CockroachDB");
	}

	@Override
	public Set<String> getSchemes() {
		return Set.of("cockroachdb");
	}

	@Override
	protected int getDefaultPort() {
		return 26257;
	}

	@Override
	public boolean recognizes(String serverVersion) {
		return serverVersion.startsWith("CockroachDB");
	}

	/**
	 * A <a href=
	 * "https://www.cockroachlabs.com/docs/stable/transaction-retry-error-reference">part
	 * of the contract</a>: under contention any transaction may fail with 40001.
	 */
	@Override
	public boolean isTransactionRetryExpected() {
		return true;
	}

	@Override
	public String getHibernateDialect() {
		return "org.hibernate.dialect.CockroachDialect";
	}

	/**
	 * The server divides tables into ranges by itself.
	 */
	@Override
	public @Nullable Partitioning getPartitioning() {
		return null;
	}

	/**
	 * Every node serves all committed data, or data as of the time in the statement.
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

	/**
	 * Any node answers for all of them.
	 */
	@Override
	public @Nullable ClusterReader getClusterReader() {
		return null;
	}

	/**
	 * The server has triggers, but not the catalog that has their rights.
	 */
	@Override
	public boolean isRowAuditSupported() {
		return false;
	}

	@Override
	public @Nullable String readServerAudit(Connection connection) {
		return null;
	}

	/**
	 * The statistics of PostgreSQL are there, but empty.
	 */
	@Override
	public JdbcInspector getInspector() {
		return INSPECTOR;
	}

	/**
	 * The functions of PostgreSQL for such locks do nothing.
	 */
	@Override
	public boolean tryLock(Connection connection, String name) {
		return true;
	}

	/**
	 * Its roles and owners differ from those of PostgreSQL.
	 */
	@Override
	public @Nullable PrivilegeReader getPrivilegeReader() {
		return null;
	}

	@Override
	public JdbcMaintenance getMaintenance() {
		return new CockroachDbMaintenance();
	}

	@Override
	public JdbcSchemaReader getSchemaReader() {
		return new CockroachDbSchemaReader();
	}

	@Override
	protected String getMaintenanceDatabase() {
		return "defaultdb";
	}

	/**
	 * A cluster limits the connections of each node, and the node of a connection is not
	 * known.
	 */
	@Override
	public List<ConnectionLimit> readConnectionLimits(Connection connection) {
		return List.of();
	}

	/**
	 * The form in which this server reports its limits has not been tried.
	 */
	@Override
	public List<String> findDroppedSettings(Connection connection, Map<ServerTimeout, Duration> timeouts,
			boolean readOnly) {
		return List.of();
	}

}
