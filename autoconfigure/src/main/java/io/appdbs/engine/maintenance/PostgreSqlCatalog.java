package io.appdbs.engine.maintenance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenanceProgress;
import org.jspecify.annotations.Nullable;

/**
 * Queries about tables and indexes of PostgreSQL.
 */
final class PostgreSqlCatalog {

	private static final String OBJECTS = """
			SELECT c.oid, n.nspname, c.relname, c.relkind, t.relname
			FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
			LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
			""";

	/** A table, its partitions, and where the server has moved their long values. */
	private static final String LEFT_OVER = OBJECTS + """
			WHERE c.relname ~ '_cc(new|old)[0-9]*$' AND NOT i.indisvalid AND i.indrelid IN (
			  WITH RECURSIVE family(oid) AS (
			    SELECT coalesce((SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = ?), ?::oid)
			    UNION
			    SELECT h.inhrelid FROM pg_catalog.pg_inherits h JOIN family f ON f.oid = h.inhparent)
			  SELECT oid FROM family
			  UNION ALL
			  SELECT r.reltoastrelid FROM pg_catalog.pg_class r JOIN family USING (oid))
			ORDER BY c.relname""";

	private static final String BUILDER = """
			SELECT l.pid
			FROM pg_catalog.pg_locks l
			JOIN pg_catalog.pg_index i ON i.indrelid = l.relation
			JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
			WHERE i.indexrelid = ? AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
			AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'AccessExclusiveLock')
			LIMIT 1""";

	/** Since version 17, a right and a role allow to maintain tables of others. */
	private static final String RIGHTS = """
			SELECT current_user, pg_catalog.pg_get_userbyid(c.relowner),
			  pg_catalog.pg_has_role(c.relowner, 'USAGE'),
			  (SELECT pg_catalog.pg_has_role(datdba, 'USAGE') FROM pg_catalog.pg_database
			    WHERE datname = pg_catalog.current_database()),
			  pg_catalog.has_table_privilege(c.oid, 'TRUNCATE'),
			  v.maintain, v.maintain AND pg_catalog.has_table_privilege(c.oid,
			    CASE WHEN v.maintain THEN 'MAINTAIN' ELSE 'SELECT' END)
			FROM pg_catalog.pg_class c,
			  (SELECT pg_catalog.current_setting('server_version_num')::int >= 170000 AS maintain) v
			WHERE c.oid = coalesce((SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = ?), ?::oid)""";

	/** An operation has a row in at most one of the views. */
	private static final String PROGRESS = """
			SELECT phase, blocks_done, blocks_total, tuples_done, tuples_total, lockers_done, lockers_total
			FROM pg_catalog.pg_stat_progress_create_index WHERE pid = ?
			UNION ALL SELECT phase, heap_blks_scanned, heap_blks_total, 0, 0, 0, 0
			FROM pg_catalog.pg_stat_progress_vacuum WHERE pid = ?
			UNION ALL SELECT phase, sample_blks_scanned, sample_blks_total, 0, 0, 0, 0
			FROM pg_catalog.pg_stat_progress_analyze WHERE pid = ?""";

	private PostgreSqlCatalog() {
	}

	static List<CatalogObject> readObjects(Connection connection, @Nullable String schema, @Nullable String name)
			throws SQLException {
		return SqlQueries.query(connection, OBJECTS
				+ "WHERE n.nspname = coalesce(?::text, n.nspname::text) AND c.relname = coalesce(?::text, c.relname::text) "
				+ "ORDER BY n.nspname, c.relname", PostgreSqlCatalog::readObject, schema, name);
	}

	private static CatalogObject readObject(ResultSet row) throws SQLException {
		return new CatalogObject(row.getLong(1), row.getString(2), row.getString(3), toKind(row.getString(4)),
				row.getString(5));
	}

	private static ObjectKind toKind(String kind) {
		return switch (kind) {
			case "r" -> ObjectKind.TABLE;
			case "p" -> ObjectKind.PARTITIONED_TABLE;
			case "m" -> ObjectKind.MATERIALIZED_VIEW;
			case "i" -> ObjectKind.INDEX;
			case "I" -> ObjectKind.PARTITIONED_INDEX;
			case "v" -> ObjectKind.VIEW;
			case "f" -> ObjectKind.FOREIGN_TABLE;
			default -> ObjectKind.OTHER;
		};
	}

	/**
	 * Before the first ANALYZE, the number of rows is -1.
	 */
	static ObjectSize readSize(Connection connection, CatalogObject object) throws SQLException {
		return SqlQueries.query(connection,
				"SELECT CASE WHEN reltuples >= 0 THEN reltuples::bigint END, pg_catalog.pg_total_relation_size(oid) "
						+ "FROM pg_catalog.pg_class WHERE oid = ?",
				(row) -> new ObjectSize(row.getObject(1, Long.class), row.getObject(2, Long.class)), object.id())
			.stream()
			.findFirst()
			.orElse(ObjectSize.UNKNOWN);
	}

	static boolean isValid(Connection connection, CatalogObject index) throws SQLException {
		return SqlQueries
			.query(connection, "SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = ?",
					(row) -> row.getBoolean(1), index.id())
			.contains(true);
	}

	/**
	 * Finds a session that may be building an index. Logins without further rights see
	 * the locks of others, but not their progress.
	 */
	static @Nullable Long findBuilder(Connection connection, CatalogObject index) throws SQLException {
		return SqlQueries.query(connection, BUILDER, (row) -> row.getLong(1), index.id())
			.stream()
			.findFirst()
			.orElse(null);
	}

	/**
	 * Reads the missing right; of the grant only the privilege.
	 */
	static @Nullable MissingRight readMissingRight(Connection connection, MaintenanceOperation operation,
			CatalogObject object) throws SQLException {
		return SqlQueries.query(connection, RIGHTS, (row) -> {
			boolean owner = row.getBoolean(3);
			boolean maintainable = row.getBoolean(6);
			boolean allowed = switch (operation) {
				case ANALYZE, VACUUM -> owner || row.getBoolean(4) || row.getBoolean(7);
				case REINDEX -> owner || row.getBoolean(7);
				case TRUNCATE -> owner || row.getBoolean(5);
				default -> owner;
			};
			String grant = switch (operation) {
				case TRUNCATE -> "TRUNCATE";
				case ANALYZE, VACUUM, REINDEX -> maintainable ? "MAINTAIN" : null;
				default -> null;
			};
			return allowed ? List.<MissingRight>of()
					: List.of(new MissingRight(row.getString(1), row.getString(2), grant));
		}, object.id(), object.id()).stream().flatMap(List::stream).findFirst().orElse(null);
	}

	/**
	 * While a phase waits for other sessions, it counts those.
	 */
	static @Nullable MaintenanceProgress readProgress(Connection connection, long session) throws SQLException {
		return SqlQueries.query(connection, PROGRESS, (row) -> {
			Double share = share(row, 6);
			share = (share != null) ? share : share(row, 4);
			return new MaintenanceProgress(row.getString(1), (share != null) ? share : share(row, 2));
		}, session, session, session).stream().findFirst().orElse(null);
	}

	private static @Nullable Double share(ResultSet row, int column) throws SQLException {
		long total = row.getLong(column + 1);
		return (total > 0) ? Math.min(1, row.getLong(column) / (double) total) : null;
	}

	static List<CatalogObject> readLeftOverIndexes(Connection connection, CatalogObject object) throws SQLException {
		return SqlQueries.query(connection, LEFT_OVER, PostgreSqlCatalog::readObject, object.id(), object.id());
	}

}
