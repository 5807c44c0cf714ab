package io.appdbs.engine.inspection;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.inspection.StatementReport;
import org.jspecify.annotations.Nullable;

import org.springframework.util.DigestUtils;

/**
 * Reads the statements that H2 has counted, if somebody has told it to.
 */
final class H2Statements {

	private static final String STATEMENTS = """
			SELECT sql_statement, execution_count, cumulative_execution_time, average_execution_time,
			cumulative_row_count FROM information_schema.query_statistics
			WHERE sql_statement NOT LIKE '%information_schema%' AND sql_statement NOT LIKE 'SET QUERY_TIMEOUT %'
			AND sql_statement NOT LIKE 'SET LOCK_TIMEOUT %' ORDER BY cumulative_execution_time DESC""";

	private H2Statements() {
	}

	static Sample<List<StatementReport>> read(InspectionContext context) throws SQLException {
		Map<String, StatementReport> all = new LinkedHashMap<>();
		context.query(STATEMENTS, H2Statements::readStatement)
			.forEach((statement) -> all.merge(statement.id(), statement, H2Statements::add));
		if (all.isEmpty() && !isCounting(context)) {
			throw InspectionException
				.unsupported("The database does not count statements. To start it: SET QUERY_STATISTICS TRUE;");
		}
		List<StatementReport> slowest = all.values()
			.stream()
			.sorted(Comparator.comparing(StatementReport::totalTime).reversed())
			.limit(context.limit())
			.toList();
		return new Sample<>(slowest, true, all.size() - slowest.size(), "H2 counts 100 different statements.");
	}

	/**
	 * Adds statements that differ only in their values.
	 */
	private static StatementReport add(StatementReport first, StatementReport second) {
		long calls = first.calls() + second.calls();
		Duration total = first.totalTime().plus(second.totalTime());
		return new StatementReport(first.id(), calls, total, total.dividedBy(Math.max(1, calls)),
				orZero(first.rows()) + orZero(second.rows()), first.statement());
	}

	private static long orZero(@Nullable Long value) {
		return (value != null) ? value : 0;
	}

	/**
	 * The setting itself cannot be read, but the query before this one must have been
	 * counted.
	 */
	private static boolean isCounting(InspectionContext context) throws SQLException {
		return context.queryForRow("SELECT COUNT(*) FROM information_schema.query_statistics",
				(row) -> row.getInt(1) > 0);
	}

	private static StatementReport readStatement(ResultSet row) throws SQLException {
		String text = hideValues(Objects.toString(row.getString("sql_statement"), ""));
		return new StatementReport(DigestUtils.md5DigestAsHex(text.getBytes(StandardCharsets.UTF_8)),
				row.getLong("execution_count"), duration(row.getDouble("cumulative_execution_time")),
				duration(row.getDouble("average_execution_time")), row.getLong("cumulative_row_count"), text);
	}

	private static Duration duration(double milliseconds) {
		return Duration.ofNanos(Math.round(milliseconds * 1_000_000));
	}

	/**
	 * Returns a statement with placeholders in place of its strings and numbers.
	 */
	static String hideValues(String sql) {
		SqlLexer lexer = new SqlLexer(sql, SqlSyntax.H2);
		StringBuilder text = new StringBuilder();
		int end = 0;
		for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
			// without comments
			text.append((lexer.start() > end && end > 0) ? " " : "");
			boolean value = token == Token.STRING
					|| (token == Token.WORD && Character.isDigit(sql.charAt(lexer.start())));
			text.append(value ? "?" : sql.substring(lexer.start(), lexer.end()));
			end = lexer.end();
		}
		return text.toString();
	}

}
