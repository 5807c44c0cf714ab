package io.appdbs.engine.distributed;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.TransactionFailure;

/**
 * TiDB, which is
 * <a href="https://docs.pingcap.com/tidb/stable/mysql-compatibility/">compatible with
 * MySQL</a>, with the driver of MySQL.
 */
final class TiDbEngine extends DistributedMySqlEngine {

	/** Whether {@code Connection.setReadOnly} is sent to the server. */
	private static final String PROPAGATION = "readOnlyPropagatesToServer";

	TiDbEngine() {
		super("tidb", "TiDB");
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

}
