package io.appdbs.engine.inspection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.SessionReport;
import org.jspecify.annotations.Nullable;

/**
 * Reads what sessions of PostgreSQL do. Without the right to read the statistics of
 * others, the server shows their sessions without state and statement, and does not fail.
 */
final class PostgreSqlActivity {

	private static final String COUNTS = """
			select count(*), count(*) filter (where state = 'active'),
			  count(*) filter (where state like 'idle in transaction%'), count(*) filter (where wait_event_type = 'Lock'),
			  current_setting('max_connections')::int
			from pg_stat_activity
			where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()""";

	private static final String SESSIONS = """
			select pid, usename, application_name, client_addr::text, state,
			  extract(epoch from clock_timestamp() - xact_start) as transaction_age,
			  case when state = 'active' then extract(epoch from clock_timestamp() - query_start) end as statement_age,
			  wait_event_type || ': ' || wait_event as waiting_for, pg_blocking_pids(pid)::text[] as blocked_by,
			  left(query, 500) as query
			from pg_stat_activity
			where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
			  and state <> 'idle' order by xact_start nulls last limit ?""";

	private PostgreSqlActivity() {
	}

	static Sample<ActivityReport> readActivity(InspectionContext context) throws SQLException {
		List<SessionReport> sessions = context.query(SESSIONS, PostgreSqlActivity::readSession, context.limit());
		boolean allowed = mayReadActivity(context);
		ActivityReport activity = context.queryForRow(COUNTS,
				(row) -> new ActivityReport(row.getInt(1), allowed ? row.getInt(2) : null,
						allowed ? row.getInt(3) : null, allowed ? row.getInt(4) : null, row.getInt(5), sessions));
		if (!allowed) {
			throw hidden(context, "The login sees what its own sessions do, and not what others do.")
				.withPartialValue(activity);
		}
		return Sample.exact(activity);
	}

	private static SessionReport readSession(ResultSet row) throws SQLException {
		return new SessionReport(row.getString("pid"), row.getString("usename"), row.getString("application_name"),
				row.getString("client_addr"), row.getString("state"), seconds(row, "transaction_age"),
				seconds(row, "statement_age"), row.getString("waiting_for"),
				List.of((String[]) row.getArray("blocked_by").getArray()),
				StatementTexts.hideSecrets(row.getString("query")));
	}

	static @Nullable Duration seconds(ResultSet row, String column) throws SQLException {
		double seconds = row.getDouble(column);
		return row.wasNull() ? null : Duration.ofMillis(Math.round(seconds * 1000));
	}

	/**
	 * Returns whether the login may read the statistics of other logins.
	 */
	static boolean mayReadActivity(InspectionContext context) throws SQLException {
		return context.queryForRow("select pg_has_role(current_user, 'pg_read_all_stats', 'usage')",
				(row) -> row.getBoolean(1));
	}

	static InspectionException hidden(InspectionContext context, String message) {
		return InspectionException.insufficientRights(message, grant(context));
	}

	static String grant(InspectionContext context) {
		return grant("pg_monitor", context);
	}

	static String grant(String role, InspectionContext context) {
		String login = (context.login() != null) ? context.login() : "CURRENT_USER";
		return "GRANT %s TO %s;".formatted(role,
				login.matches("[a-z_][a-z0-9_]*|CURRENT_USER") ? login : '"' + login.replace("\"", "\"\"") + '"');
	}

}
