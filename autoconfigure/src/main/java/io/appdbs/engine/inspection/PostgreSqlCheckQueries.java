package io.appdbs.engine.inspection;

/**
 * The queries of the {@link PostgreSqlChecks}.
 */
final class PostgreSqlCheckQueries {

	/**
	 * Indexes that are not usable and are not being built. A login without rights does
	 * not see which index is being built, so there is no finding while one is.
	 */
	static final String INVALID_INDEXES = fill("""
			select format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname), c.relname
			from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
			  join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace
			where (not i.indisvalid or not i.indisready) and c.relkind = 'i' and {of_users}
			  and not exists (select from pg_stat_progress_create_index p where p.datname = current_database()
			    and (p.index_relid is null or p.index_relid = i.indexrelid or p.relid = i.indrelid))
			order by 1 limit ?""");

	/**
	 * Indexes with the same definition, the one to keep first: that of a constraint or a
	 * unique one, or else the oldest. Indexes of several constraints are no duplicates,
	 * since each constraint needs its own. Only the indexes of a table that begin with
	 * the same columns are compared, as the text of their definitions is expensive.
	 */
	static final String DUPLICATE_INDEXES = fill(
			"""
					with g as materialized (
					  select array_agg(indexrelid) as ids from pg_index
					  where indisvalid group by indrelid, indnatts, indnkeyatts, indkey[0], indkey[1] having count(*) > 1)
					select format('%I.%I', tn.nspname, t.relname) as table_name, array_agg(x.name order by x.keep desc, x.indexrelid) as names,
					  array_agg(coalesce(x.constraint_name, '') order by x.keep desc, x.indexrelid) as constraints, min(x.relpages) * {block_size} as bytes
					from (
					  select i.*, c.relam, c.relpages::bigint as relpages, format('%I.%I', n.nspname, c.relname) as name, quote_ident(k.conname) as constraint_name,
					    case when k.contype = 'p' or i.indisreplident then 3 when k.oid is not null then 2 when i.indisunique then 1 else 0 end as keep
					  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
					    left join pg_constraint k on k.conrelid = i.indrelid and k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
					  where i.indexrelid = any(array(select unnest(g.ids) from g)) and c.relkind = 'i' and not c.relispartition and {of_users}) x
					  join pg_class t on t.oid = x.indrelid join pg_namespace tn on tn.oid = t.relnamespace
					group by tn.nspname, t.relname, x.indrelid, x.relam, x.indkey::text, x.indclass::text, x.indcollation::text, x.indoption::text,
					  coalesce(pg_get_expr(x.indexprs, x.indrelid), ''), coalesce(pg_get_expr(x.indpred, x.indrelid), ''), x.indnkeyatts,
					  case when x.constraint_name is not null and x.relam <> (select oid from pg_am where amname = 'btree') then x.indexrelid end
					having count(*) > 1 order by 4 desc, 1 limit ?""");

	static final String FOREIGN_KEYS_WITHOUT_INDEX = fill(
			"""
					select format('%I.%I', n.nspname, c.relname), quote_ident(k.conname),
					  (select string_agg(quote_ident(a.attname), ', ' order by x.n) from unnest(k.conkey) with ordinality x(attnum, n)
					    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.attnum),
					  format('%I.%I', fn.nspname, f.relname)
					from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
					  join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
					where k.contype = 'f' and k.conparentid = 0 and {of_users}
					  and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indisvalid and i.indpred is null
					    and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
					order by c.relpages desc, k.oid limit ?""");

	static final String TABLES_WITHOUT_PRIMARY_KEY = fill(
			"""
					select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
					where c.relkind in ('r', 'p') and not c.relispartition and {of_users}
					  and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
					  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
					order by c.relpages desc, c.oid limit ?""");

	static final String WRAPAROUND = """
			select current_database() as name, x.age, x.unit, (select format('%I.%I', n.nspname, c.relname) from pg_class c
			    join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm', 't')
			    order by case when x.unit = 'transactions' then age(c.relfrozenxid) else mxid_age(c.relminmxid) end desc limit 1) as oldest
			from (
			  select age(datfrozenxid)::bigint as age, 'transactions' as unit, current_setting('autovacuum_freeze_max_age')::bigint as maximum
			  from pg_database where datname = current_database()
			  union all
			  select mxid_age(datminmxid), 'multixacts', current_setting('autovacuum_multixact_freeze_max_age')::bigint
			  from pg_database where datname = current_database()) x
			where x.age > least(2 * x.maximum, 2147483647 - ?) order by x.age desc limit 1""";

	static final String LONG_TRANSACTIONS = """
			select pid::text, state, extract(epoch from clock_timestamp() - xact_start) as age from pg_stat_activity
			where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
			  and clock_timestamp() - xact_start > ? * interval '1 second' order by xact_start limit ?""";

	/**
	 * Statements that wait for a lock, with the sessions that hold it.
	 */
	static final String BLOCKED_STATEMENTS = """
			select a.pid::text, extract(epoch from clock_timestamp() - w.since) as age,
			  array(select distinct b.pid || coalesce(' (' || b.state || ')', '') from unnest(pg_blocking_pids(a.pid)) x(pid)
			    join pg_stat_activity b on b.pid = x.pid) as blockers,
			  (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
			    where c.oid = w.relation) as table_name
			from pg_stat_activity a cross join lateral (
			  select coalesce(min((to_jsonb(l) ->> 'waitstart')::timestamptz), a.query_start) as since, min(l.relation::oid) as relation from pg_locks l where l.pid = a.pid and not l.granted) w
			where a.datname = current_database() and a.wait_event_type = 'Lock' and a.state = 'active'
			  and clock_timestamp() - w.since > ? * interval '1 second' order by w.since limit ?""";

	/**
	 * Measures the largest of the tables that were never analyzed.
	 */
	static final String MISSING_STATISTICS = fill("""
			with t as materialized (
			  select c.oid, n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
			  where c.relkind in ('r', 'm') and c.reltuples < 0 and {of_users}
			    and pg_stat_get_last_analyze_time(c.oid) is null and pg_stat_get_last_autoanalyze_time(c.oid) is null
			  order by pg_stat_get_live_tuples(c.oid) desc limit ?)
			select format('%I.%I', nspname, relname), bytes from (select t.*, pg_relation_size(oid) as bytes from t) x
			where bytes > ? order by bytes desc""");

	static final String INACTIVE_SLOTS = """
			select slot_name, pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn)::bigint
			from pg_replication_slots where not active and (database is null or database = current_database())
			order by 1 limit ?""";

	private PostgreSqlCheckQueries() {
	}

	private static String fill(String sql) {
		return sql.replace("{of_users}", PostgreSqlQueries.OF_USERS)
			.replace("{block_size}", PostgreSqlQueries.BLOCK_SIZE);
	}

}
