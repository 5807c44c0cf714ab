package io.appdbs.engine.partition;

/**
 * Partitions of MariaDB, which can make a partition a table as of version 10.7. See the
 * <a href=
 * "https://mariadb.com/docs/server/server-usage/partitioning-tables/partitioning-overview">manual</a>.
 */
public final class MariaDbPartitioning extends MySqlPartitioning {

	@Override
	public boolean isDetachSupported() {
		return true;
	}

}
