package io.appdbs.engine.distributed;

import java.util.Locale;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.ServerTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Vitess, which is <a href=
 * "https://vitess.io/docs/reference/compatibility/mysql-compatibility/">compatible with
 * MySQL</a>, with the driver of MySQL.
 */
final class VitessEngine extends DistributedMySqlEngine {

	VitessEngine() {
		super("vitess", "Vitess");
	}

	/**
	 * For example {@code MySQL 8.0.30-Vitess}.
	 */
	@Override
	public boolean recognizes(String serverVersion) {
		return serverVersion.toLowerCase(Locale.ROOT).contains("-vitess");
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

}
