package io.appdbs.engine.inspection.mysql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.inspection.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Inspects MariaDB, since version 10.6. Its performance schema is off by default, and
 * locks of rows are not in it.
 */
public final class MariaDbInspector extends AbstractMySqlInspector {

	private static final String ROW_LOCKS = """
			SELECT r.trx_mysql_thread_id AS waiter, b.trx_mysql_thread_id AS blocker
			FROM information_schema.innodb_lock_waits w
			JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id
			JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id
			WHERE b.trx_mysql_thread_id > 0""";

	/**
	 * Unlike the key columns of the information schema, these are read without opening
	 * each table.
	 */
	private static final String REFERENCED = """
			SELECT f.id AS fk, c.ref_col_name AS col FROM information_schema.innodb_sys_foreign f
			JOIN information_schema.innodb_sys_foreign_cols c ON c.id = f.id
			WHERE f.ref_name = CONCAT(?, '/', ?) ORDER BY f.id, c.pos""";

	/**
	 * Creates a new {@link MariaDbInspector}.
	 */
	public MariaDbInspector() {
		this(MySqlChecks.Thresholds.DEFAULT);
	}

	MariaDbInspector(MySqlChecks.Thresholds thresholds) {
		super("MariaDB", thresholds);
	}

	/**
	 * The limit of a statement is in seconds with fractions, that of a lock in whole
	 * seconds, where 0 means not to wait.
	 */
	@Override
	String getLimits(Duration statementTimeout, Duration lockTimeout) {
		return "max_statement_time = %s, lock_wait_timeout = %d, innodb_lock_wait_timeout = %d".formatted(
				BigDecimal.valueOf(Math.max(1, statementTimeout.toMillis()), 3).toPlainString(),
				lockTimeout.toSeconds(), lockTimeout.toSeconds());
	}

	@Override
	String getRowLocks(InspectionContext context, MySqlGrants grants) {
		return ROW_LOCKS;
	}

	@Override
	@Nullable String describeMissingBlockers(InspectionContext context, MySqlGrants grants) {
		return null;
	}

	@Override
	String describeUnknownBlockers() {
		return "a session that has ended meanwhile, or that has a lock which the server does not report";
	}

	@Override
	@Nullable Long readDeadlocks(InspectionContext context, @Nullable Long status) {
		return status;
	}

	@Override
	String getExpressionColumn() {
		return "NULL";
	}

	@Override
	String getReferencedColumns() {
		return REFERENCED;
	}

	/**
	 * InnoDB writes names as those of files. Some letters have a shorter code there, so
	 * that an index of a table with one in its name may count although a foreign key of
	 * another table needs it. The server does not drop such an index.
	 */
	@Override
	String toReferencedName(String name) {
		StringBuilder encoded = new StringBuilder();
		for (char c : name.toCharArray()) {
			boolean plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'
					|| c == '$';
			encoded.append(plain ? String.valueOf(c) : "@%04x".formatted((int) c));
		}
		return encoded.toString();
	}

	@Override
	void requireReferencedColumns(MySqlGrants grants) {
		grants.requireProcess("the foreign keys of other tables");
	}

	/**
	 * Sequences are tables with one row.
	 */
	@Override
	List<Finding> findExhaustedSequences(InspectionContext context, MySqlGrants grants) throws SQLException {
		List<String> names = context.query(
				"SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'SEQUENCE' ORDER BY table_name",
				(row) -> row.getString(1), grants.database());
		List<Finding> findings = new ArrayList<>();
		for (String name : names) {
			context
				.query("SELECT next_not_cached_value, minimum_value, maximum_value, increment, cycle_option FROM %s.%s"
					.formatted(MySqlNames.quote(grants.database()), MySqlNames.quote(name)),
						(row) -> toExhausted(name, row))
				.stream()
				.filter(Objects::nonNull)
				.forEach(findings::add);
		}
		return findings;
	}

	private static @Nullable Finding toExhausted(String name, ResultSet row) throws SQLException {
		if (row.getBoolean("cycle_option")) {
			return null;
		}
		BigInteger next = row.getBigDecimal("next_not_cached_value").toBigInteger();
		BigInteger minimum = row.getBigDecimal("minimum_value").toBigInteger();
		BigInteger maximum = row.getBigDecimal("maximum_value").toBigInteger();
		BigInteger all = maximum.subtract(minimum).add(BigInteger.ONE);
		BigInteger used = (row.getLong("increment") < 0) ? maximum.subtract(next) : next.subtract(minimum);
		return MySqlChecks.toExhausted(MySqlNames.display(name), null, used, all, "",
				"Change the maximum of the sequence, and the columns that take its numbers, before they run out.");
	}

}
