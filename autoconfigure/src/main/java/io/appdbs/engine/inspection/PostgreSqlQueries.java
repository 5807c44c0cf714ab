package io.appdbs.engine.inspection;

/**
 * The queries of the {@link PostgreSqlInspector}. They select the candidates first, by
 * the planner's statistics, and read what is expensive or waits for locks for those only.
 */
final class PostgreSqlQueries {

	/** Excludes the schemas of the system. */
	static final String OF_USERS = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'";

	/** Read once per query, and not once per row. */
	static final String BLOCK_SIZE = "(select current_setting('block_size')::bigint)";

	/** Estimates of the size of the database, its tables and indexes. */
	static final String SIZES = fill(
			"""
					with s as materialized (
					  select n.oid, {of_users} as of_users, n.nspname in ('pg_catalog', 'information_schema') as of_system from pg_namespace n)
					select coalesce(sum(c.relpages::bigint), 0) * {block_size},
					  coalesce(sum(c.relpages::bigint) filter (where c.relkind in ('r', 'm', 't') and not s.of_system), 0) * {block_size},
					  coalesce(sum(c.relpages::bigint) filter (where c.relkind = 'i' and s.of_users), 0) * {block_size},
					  count(*) filter (where c.relkind in ('r', 'm') and s.of_users)
					from pg_class c join s on s.oid = c.relnamespace""");

	/** Measures all files of the database. */
	static final String DATABASE_SIZE = "select pg_database_size(current_database())";

	static final String TABLE_COUNT = fill("""
			select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where c.relkind in ('r', 'm') and {of_users}""");

	static final String TABLES = tables("pg_total_relation_size(t.oid)", "pg_indexes_size(t.oid)");

	static final String TABLES_ESTIMATED = tables("t.relpages * {block_size} + i.bytes", "i.bytes");

	static final String INDEX_COUNT = fill("""
			select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where c.relkind = 'i' and {of_users}""");

	private static final String LARGEST_INDEXES = """
			select c.oid, c.relname, n.nspname, c.relpages, i.indrelid, i.indkey, i.indnkeyatts, i.indisunique, i.indisvalid
			from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
			where c.relkind = 'i' and {of_users} order by c.relpages desc, c.oid limit ?""";

	/** For servers that know when an index was last used, and for others. */
	static final Versioned INDEXES = indexes(LARGEST_INDEXES, "pg_relation_size(t.oid)",
			"pg_get_indexdef(t.oid, k.n::int, true)");

	static final Versioned INDEXES_ESTIMATED = indexes(LARGEST_INDEXES, "t.relpages * {block_size}", "'(expression)'");

	/**
	 * Indexes that are not unique and belong to no constraint, and with which no foreign
	 * key of the table begins. The statistics are read in the order of the size, until
	 * there are enough indexes: the {@code offset} keeps the planner from another order.
	 */
	static final Versioned UNUSED_INDEXES = indexes(
			"""
					select c.oid, c.relname, n.nspname, c.relpages, i.indrelid, i.indkey, i.indnkeyatts, i.indisunique, i.indisvalid
					from (select c.oid, c.relname, c.relnamespace, c.relpages from pg_class c
					    where c.relkind = 'i' and not c.relispartition and c.relpages * {block_size} >= ? order by c.relpages desc, c.oid offset 0) c
					  join pg_index i on i.indexrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
					where not i.indisunique and i.indisvalid and not i.indisexclusion and not i.indisreplident and not i.indisclustered
					  and {of_users} and {unused}
					  and not exists (select from pg_constraint k where k.contype = 'f' and k.conrelid = i.indrelid and i.indkey[0] = any(k.conkey) offset 0)
					order by c.relpages desc, c.oid limit ?""",
			"t.relpages * {block_size}", "'(expression)'");

	/**
	 * After a crash, all counters are zero, and only the statistics of the background
	 * writer have the time of the crash.
	 */
	static final String STATISTICS_SINCE = """
			select greatest(d.stats_reset, b.stats_reset) from pg_stat_database d, pg_stat_bgwriter b
			where d.datname = current_database()""";

	static final String READINGS = """
			select d.blks_hit as hits, d.blks_read as misses, d.deadlocks,
			  greatest(age(b.datfrozenxid), mxid_age(b.datminmxid)) / 2147483648.0 as wraparound,
			  (select coalesce(max(extract(epoch from now() - a.xact_start)), 0) from pg_stat_activity a
			    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend') as longest,
			  (select count(*) from pg_stat_activity a where a.datname = current_database() and a.wait_event_type = 'Lock'
			    and a.state = 'active' and a.query_start < clock_timestamp() - interval '1 second') as lock_waits
			from pg_stat_database d join pg_database b on b.oid = d.datid where d.datname = current_database()""";

	private PostgreSqlQueries() {
	}

	private static String tables(String bytes, String indexBytes) {
		return fill("""
				with t as materialized (
				  select c.oid, n.nspname, c.relname, c.relpages, nullif(c.reltuples, -1)::bigint as estimated_rows
				  from pg_class c join pg_namespace n on n.oid = c.relnamespace
				  where c.relkind in ('r', 'm') and {of_users} order by c.relpages desc, c.oid limit ?)
				select format('%I.%I', t.nspname, t.relname) as name, t.estimated_rows,
				  {bytes} as bytes, {index_bytes} as index_bytes,
				  pg_stat_get_dead_tuples(t.oid) as dead, pg_stat_get_numscans(t.oid) as scans, i.scans as index_scans,
				  greatest(pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid)) as vacuumed,
				  greatest(pg_stat_get_last_analyze_time(t.oid), pg_stat_get_last_autoanalyze_time(t.oid)) as analyzed
				from t cross join lateral (
				  select sum(pg_stat_get_numscans(x.indexrelid))::bigint as scans,
				    coalesce(sum(c.relpages::bigint), 0) * {block_size} as bytes
				  from pg_index x join pg_class c on c.oid = x.indexrelid where x.indrelid = t.oid) i
				order by bytes desc, name""".replace("{bytes}", bytes).replace("{index_bytes}", indexBytes));
	}

	/**
	 * Describes the indexes that a query selects.
	 */
	private static Versioned indexes(String candidates, String bytes, String expression) {
		String sql = fill(
				"""
						with t as materialized (
						{candidates})
						select format('%I.%I', t.nspname, t.relname) as name, format('%I.%I', tn.nspname, tc.relname) as table_name,
						  array(select case when k.attnum <> 0 then a.attname::text else {expression} end
						    from unnest(t.indkey::int2[]) with ordinality k(attnum, n)
						    left join pg_attribute a on a.attrelid = t.indrelid and a.attnum = k.attnum
						    where k.n <= t.indnkeyatts order by k.n) as columns,
						  t.indisunique as is_unique, t.indisvalid as is_valid, {bytes} as bytes,
						  pg_stat_get_numscans(t.oid) as scans, {last_use} as used
						from t join pg_class tc on tc.oid = t.indrelid join pg_namespace tn on tn.oid = tc.relnamespace
						order by bytes desc, name"""
					.replace("{candidates}", candidates)
					.replace("{bytes}", bytes)
					.replace("{expression}", expression));
		return new Versioned(sql.replace("{last_use}", "pg_stat_get_lastscan(t.oid)").replace("{unused}", """
				(pg_stat_get_numscans(c.oid) = 0 \
				or pg_stat_get_lastscan(c.oid) < now() - ? * interval '1 second')"""),
				sql.replace("{last_use}", "null::timestamptz")
					.replace("{unused}", "pg_stat_get_numscans(c.oid) = 0 and ? > 0"));
	}

	private static String fill(String sql) {
		return sql.replace("{of_users}", OF_USERS).replace("{block_size}", BLOCK_SIZE);
	}

	/**
	 * A query that depends on the version of the server.
	 *
	 * @param knowingLastUse for servers that know when an index was last used, which are
	 * those from version 16 on
	 * @param other for other servers
	 */
	record Versioned(String knowingLastUse, String other) {

		String get(boolean knowsLastUse) {
			return knowsLastUse ? this.knowingLastUse : this.other;
		}

	}

}
