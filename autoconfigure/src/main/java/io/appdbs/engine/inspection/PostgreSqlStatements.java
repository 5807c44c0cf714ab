package io.appdbs.engine.inspection;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.StatementReport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the statements that took the most time from {@code pg_stat_statements}. Asked for
 * one text, the server reads the file of all texts, so texts are read once.
 */
final class PostgreSqlStatements {

	private static final String EXTENSION = """
			select quote_ident(n.nspname), exists (select from pg_settings where name = 'pg_stat_statements.max'),
			  has_schema_privilege(n.oid, 'USAGE')
			from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements'""";

	private static final String STATEMENTS = """
			select queryid::text, sum(calls)::bigint, sum({time}), sum(rows)::bigint
			from {schema}.pg_stat_statements(false)
			where dbid = (select oid from pg_database where datname = current_database()) and queryid is not null
			group by queryid order by 3 desc limit ?""";

	private static final String TEXTS = """
			select queryid::text, min(left(query, 2000)) from {schema}.pg_stat_statements(true)
			where queryid::text = any(?) group by queryid""";

	private static final int MAXIMUM_TEXTS = 1000;

	private PostgreSqlStatements() {
	}

	static Sample<List<StatementReport>> readStatements(InspectionContext context) throws SQLException {
		String schema = findExtension(context);
		String time = PostgreSqlInspector.isAtLeast(context, 13) ? "total_exec_time" : "total_time";
		List<StatementReport> rows = context.query(STATEMENTS.replace("{schema}", schema).replace("{time}", time),
				(row) -> {
					long calls = row.getLong(2);
					Duration total = Duration.ofNanos((long) (row.getDouble(3) * 1_000_000));
					return new StatementReport(row.getString(1), calls, total, total.dividedBy(Math.max(1, calls)),
							row.getLong(4), null);
				}, context.limit());
		readTexts(context, schema, rows);
		List<StatementReport> statements = rows.stream()
			.map((row) -> new StatementReport(row.id(), row.calls(), row.totalTime(), row.meanTime(), row.rows(),
					context.statementTexts().get(row.id())))
			.toList();
		if (!PostgreSqlActivity.mayReadActivity(context)) {
			throw PostgreSqlActivity.hidden(context, "The login sees its own statements, and not those of others.")
				.withPartialValue(statements);
		}
		return Sample.exact(statements).leavingOut((statements.size() < context.limit()) ? Integer.valueOf(0) : null);
	}

	/**
	 * Returns the schema of the extension.
	 */
	private static String findExtension(InspectionContext context) throws SQLException {
		List<Extension> found = context.query(EXTENSION,
				(row) -> new Extension(row.getString(1), row.getBoolean(2), row.getBoolean(3)));
		if (found.isEmpty() || !found.get(0).loaded()) {
			throw new InspectionException(ReportStatus.UNSUPPORTED,
					found.isEmpty() ? "The extension pg_stat_statements is not installed in this database."
							: "The server has not loaded pg_stat_statements.",
					"Add pg_stat_statements to 'shared_preload_libraries' of the server%s".formatted(
							found.isEmpty() ? ", then: CREATE EXTENSION pg_stat_statements;" : " and restart it."));
		}
		Extension extension = found.get(0);
		if (!extension.usable()) {
			throw InspectionException.insufficientRights(
					"The login may not use the schema %s of pg_stat_statements.".formatted(extension.schema()),
					PostgreSqlActivity.grant("USAGE ON SCHEMA " + extension.schema(), context));
		}
		return extension.schema();
	}

	private static void readTexts(InspectionContext context, String schema, List<StatementReport> rows)
			throws SQLException {
		Map<String, String> texts = context.statementTexts();
		String[] unknown = rows.stream()
			.map(StatementReport::id)
			.filter((id) -> !texts.containsKey(id))
			.toArray(String[]::new);
		if (unknown.length == 0) {
			return;
		}
		if (texts.size() > MAXIMUM_TEXTS) {
			texts.clear();
		}
		context.query(TEXTS.replace("{schema}", schema), (row) -> texts.put(row.getString(1), textOf(row.getString(2))),
				context.connection().createArrayOf("text", unknown));
	}

	private static String textOf(@Nullable String text) {
		return String.valueOf(StatementTexts.hideSecrets(text));
	}

	/**
	 * The extension in this database.
	 *
	 * @param schema its schema, quoted if necessary
	 * @param loaded whether the server has loaded it
	 * @param usable whether the login may use the schema
	 */
	private record Extension(String schema, boolean loaded, boolean usable) {

	}

}
