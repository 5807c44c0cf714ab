package io.appdbs.engine.inspection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;

/**
 * Looks for sequences that are not able to count further soon, also because of the type
 * of the column that they belong to.
 * <p>
 * The server locks each sequence that it reads until the end of the transaction, in a
 * table of locks that all sessions share. Reading thousands of them at once would fill
 * it, and transactions of the application would fail. So there is a transaction for each
 * few hundred sequences.
 */
final class PostgreSqlSequences {

	/** About a tenth of the locks that a server with default settings has. */
	private static final int SEQUENCES_PER_TRANSACTION = 500;

	/**
	 * Sequences of other sessions, and those that a standby does not have, cannot be
	 * read.
	 */
	private static final String SEQUENCES = fill(
			"""
					select array_agg(b.seqrelid) from (
					  select q.seqrelid, (row_number() over (order by q.seqrelid) - 1) / %d as batch
					  from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
					  where q.seqincrement > 0 and not q.seqcycle and {of_users} and not (c.relpersistence = 'u' and pg_is_in_recovery())) b
					group by b.batch order by b.batch"""
				.formatted(SEQUENCES_PER_TRANSACTION));

	/**
	 * The columns are looked up for sequences that have left the range of the smallest
	 * type.
	 */
	private static final String EXHAUSTED = fill(
			"""
					with s as materialized (
					  select q.seqrelid, q.seqmax, case when has_sequence_privilege(q.seqrelid, 'SELECT, USAGE') then pg_sequence_last_value(q.seqrelid) end as last
					  from pg_sequence q where q.seqrelid = any(?))
					select format('%I.%I', n.nspname, c.relname), x.last, x.maximum, quote_ident(x.attname), quote_ident(tn.nspname) || '.' || quote_ident(t.relname)
					from (
					  select s.seqrelid, s.last, a.attname, a.attrelid,
					    least(s.seqmax, case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else s.seqmax end) as maximum
					  from s
					    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.refclassid = 'pg_class'::regclass
					      and d.refobjsubid > 0 and d.deptype in ('a', 'i')
					    left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
					  where s.last > 0.8 * least(s.seqmax, 32767)) x
					  join pg_class c on c.oid = x.seqrelid join pg_namespace n on n.oid = c.relnamespace
					  left join pg_class t on t.oid = x.attrelid left join pg_namespace tn on tn.oid = t.relnamespace
					where x.last > 0.8 * x.maximum order by x.last::float8 / x.maximum desc limit ?""");

	private static final String HIDDEN = fill(
			"""
					select count(*) from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
					where not has_sequence_privilege(q.seqrelid, 'SELECT, USAGE') and {of_users}""");

	private PostgreSqlSequences() {
	}

	private static String fill(String sql) {
		return sql.replace("{of_users}", PostgreSqlQueries.OF_USERS);
	}

	static List<Finding> findExhausted(InspectionContext context) throws SQLException {
		int hidden = context.queryForRow(HIDDEN, (row) -> row.getInt(1));
		List<Finding> findings = new ArrayList<>();
		TransactionLimits limits = TransactionLimits.of(context);
		for (Long[] batch : context.query(SEQUENCES, (row) -> (Long[]) row.getArray(1).getArray())) {
			findings.addAll(context.query(EXHAUSTED, PostgreSqlSequences::toFinding,
					context.connection().createArrayOf("oid", batch), context.limit()));
			limits.beginNext(context.connection());
		}
		if (hidden > 0) {
			throw InspectionException
				.insufficientRights(
						"The login may not read %d %s.".formatted(hidden, (hidden == 1) ? "sequence" : "sequences"),
						PostgreSqlActivity.grant("pg_read_all_data", context))
				.withPartialValue(findings);
		}
		return findings;
	}

	private static Finding toFinding(ResultSet row) throws SQLException {
		String column = row.getString(4);
		return Finding.of("sequence-exhausted", Severity.WARN, row.getString(1), row.getString(5),
				"%.0f %% of the numbers are used: %d of %d.%s".formatted(100.0 * row.getLong(2) / row.getLong(3),
						row.getLong(2), row.getLong(3),
						(column != null) ? " They are the values of the column %s.".formatted(column) : ""),
				"Change the column, and the sequence, to bigint before the numbers run out.");
	}

	/**
	 * The limits of the transaction, which hold for all that follow it together.
	 *
	 * @param statement the time for statements
	 * @param lock the time to wait for a lock
	 * @param begin when the time for statements begins, by {@link System#nanoTime}
	 */
	private record TransactionLimits(Duration statement, Duration lock, long begin) {

		static TransactionLimits of(InspectionContext context) throws SQLException {
			return context.queryForRow("""
					select 1000 * extract(epoch from current_setting('statement_timeout')::interval),
					  1000 * extract(epoch from current_setting('lock_timeout')::interval)""",
					(row) -> new TransactionLimits(Duration.ofMillis(row.getLong(1)), Duration.ofMillis(row.getLong(2)),
							System.nanoTime()));
		}

		void beginNext(Connection connection) throws SQLException {
			Duration left = this.statement.minusNanos(System.nanoTime() - this.begin);
			if (left.toMillis() < 1) {
				throw new SQLTimeoutException("the sequences could not be read in time");
			}
			connection.rollback();
			PostgreSqlInspector.begin(connection, left, this.lock);
		}

	}

}
