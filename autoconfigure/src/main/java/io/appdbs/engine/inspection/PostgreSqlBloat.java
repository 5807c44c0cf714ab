package io.appdbs.engine.inspection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.engine.inspection.PostgreSqlChecks.Thresholds;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;

/**
 * Estimates unused space in the largest tables and indexes from the planner's statistics,
 * as
 * <a href="https://github.com/ioguix/pgsql-bloat-estimation">pgsql-bloat-estimation</a>
 * does. The statistics of tables that the login may not read are hidden without an error,
 * so the statistics are counted. They are read in a lateral query, so that the server
 * does not read those of all tables, whatever it estimates.
 */
final class PostgreSqlBloat {

	private static final String TABLES = fill(
			"""
					with d as materialized (
					  select c.oid, c.relpages, c.reltuples, c.relname, n.nspname, coalesce(substring(array_to_string(c.reloptions, ' ') from 'fillfactor=([0-9]+)')::int, 100) as ff
					  from pg_class c join pg_namespace n on n.oid = c.relnamespace
					  where c.relkind in ('r', 'm') and c.relpages::bigint * {block_size} > ? and c.reltuples >= 0 and {of_users} order by c.relpages desc limit ?)
					select format('%I.%I', nspname, relname) as name, format('%I.%I', nspname, relname) as table_name, known = natts as reliable,
					  has_table_privilege(oid, 'SELECT') as readable, relpages::bigint * {block_size} as bytes, greatest(relpages - est, 0)::bigint * {block_size} as wasted,
					  greatest(pg_stat_get_last_vacuum_time(oid), pg_stat_get_last_autovacuum_time(oid), pg_stat_get_last_analyze_time(oid), pg_stat_get_last_autoanalyze_time(oid)) as measured
					from (select d.*, w.*, ceil(d.reltuples / nullif(floor(({block_size} - 24) * d.ff / (100.0 * (4 +
					    (case when w.nf > 0 then 24 + 8 * ceil(w.natts / 64.0) else 24 end) + 8 * ceil(w.width / 8.0)))), 0)) as est
					  from d cross join lateral (
					    select sum((1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, 0)) as width, count(*) as natts, count(s.attname) as known, max(coalesce(s.null_frac, 0)) as nf
					    from pg_attribute a
					      left join pg_stats s on s.schemaname = d.nspname and s.tablename = d.relname and s.attname = a.attname and not s.inherited
					    where a.attrelid = d.oid and a.attnum > 0 and not a.attisdropped) w) e""");

	private static final String INDEXES = fill(
			"""
					with d as materialized (
					  select i.indexrelid, i.indrelid, i.indnatts as natts, i.indkey::int2[] as k, c.relpages, c.reltuples, c.relname, n.nspname,
					    coalesce(substring(array_to_string(c.reloptions, ' ') from 'fillfactor=([0-9]+)')::int, 90) as ff
					  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace join pg_am a on a.oid = c.relam
					  where a.amname = 'btree' and c.relpages::bigint * {block_size} > ? and {of_users} order by c.relpages desc limit ?)
					select format('%I.%I', nspname, relname) as name, format('%I.%I', tnspname, tname) as table_name, known = natts as reliable,
					  has_table_privilege(indrelid, 'SELECT') as readable, relpages::bigint * {block_size} as bytes, greatest(relpages - est, 0)::bigint * {block_size} as wasted,
					  greatest(pg_stat_get_last_vacuum_time(indrelid), pg_stat_get_last_autovacuum_time(indrelid), pg_stat_get_last_analyze_time(indrelid), pg_stat_get_last_autoanalyze_time(indrelid)) as measured
					from (select d.*, w.*, t.relname as tname, tn.nspname as tnspname,
					    1 + ceil(d.reltuples / nullif(floor(({block_size} - 24 - 16) * d.ff / (100.0 * (4 + (case when w.nf = 0 then 8 else 16 end) + 8 * ceil(w.width / 8.0)))), 0)) as est
					  from d join pg_class t on t.oid = d.indrelid join pg_namespace tn on tn.oid = t.relnamespace cross join lateral (
					    select sum((1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, 0)) as width, count(s.attname) as known, max(coalesce(s.null_frac, 0)) as nf
					    from generate_series(1, d.natts) p
					      left join pg_attribute a on a.attrelid = case when d.k[p - 1] <> 0 then d.indrelid else d.indexrelid end and a.attnum = case when d.k[p - 1] <> 0 then d.k[p - 1] else p end
					      left join pg_stats s on s.schemaname = d.nspname and s.tablename = case when d.k[p - 1] <> 0 then t.relname else d.relname end and s.attname = a.attname and not s.inherited) w) e""");

	private final Thresholds thresholds;

	PostgreSqlBloat(Thresholds thresholds) {
		this.thresholds = thresholds;
	}

	List<Finding> find(InspectionContext context) throws SQLException {
		List<Candidate> tables = context.query(TABLES, PostgreSqlBloat::read, this.thresholds.bloat(), context.limit());
		List<Candidate> indexes = context.query(INDEXES, PostgreSqlBloat::read, this.thresholds.bloat(),
				context.limit());
		List<Finding> findings = new ArrayList<>();
		tables.stream()
			.filter(this::isBloated)
			.forEach((table) -> findings.add(table.toFinding(
					"VACUUM (ANALYZE) %1$s; -- makes the space available to new rows; VACUUM FULL or pg_repack give it back")));
		indexes.stream()
			.filter(this::isBloated)
			.forEach((index) -> findings.add(index.toFinding("REINDEX INDEX CONCURRENTLY %1$s;")));
		long hidden = tables.stream().filter((table) -> !table.readable()).count();
		if (hidden > 0) {
			throw InspectionException
				.insufficientRights("The login may not read %d of the %d largest tables, whose bloat is unknown."
					.formatted(hidden, tables.size()), PostgreSqlActivity.grant("pg_read_all_data", context))
				.withPartialValue(findings);
		}
		return findings;
	}

	private boolean isBloated(Candidate candidate) {
		return candidate.reliable() && candidate.wasted() > this.thresholds.bloat()
				&& candidate.wasted() > this.thresholds.bloatShare() * candidate.bytes();
	}

	private static Candidate read(ResultSet row) throws SQLException {
		return new Candidate(row.getString("name"), row.getString("table_name"), row.getBoolean("reliable"),
				row.getBoolean("readable"), row.getLong("bytes"), row.getLong("wasted"),
				String.valueOf(PostgreSqlInspector.time(row, "measured")));
	}

	private static String fill(String sql) {
		return sql.replace("{of_users}", PostgreSqlQueries.OF_USERS)
			.replace("{block_size}", PostgreSqlQueries.BLOCK_SIZE);
	}

	private record Candidate(String name, String table, boolean reliable, boolean readable, long bytes, long wasted,
			String measured) {

		Finding toFinding(String fix) {
			return Finding.of("bloat", Severity.INFO, this.name, this.table,
					"About %d %% of it, %s of %s, are unused space: an estimate, as of the last vacuum or analyze at %s."
						.formatted(100 * this.wasted / this.bytes, Amounts.ofBytes(this.wasted),
								Amounts.ofBytes(this.bytes), this.measured),
					fix.formatted(this.name));
		}

	}

}
