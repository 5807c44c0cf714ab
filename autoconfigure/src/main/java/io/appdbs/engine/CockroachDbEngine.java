package io.appdbs.engine;

import java.util.Set;

/**
 * CockroachDB, which is spoken to through the driver of PostgreSQL.
 */
final class CockroachDbEngine extends PostgreSqlEngine {

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

	@Override
	public String getMaintenanceDatabase() {
		return "defaultdb";
	}

}
