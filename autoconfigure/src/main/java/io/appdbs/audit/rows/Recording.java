package io.appdbs.audit.rows;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.audit.rows.RowAuditCatalog.Function;
import io.appdbs.audit.rows.RowAuditCatalog.Relation;
import io.appdbs.audit.rows.RowAuditCatalog.Trigger;
import io.appdbs.engine.sql.SqlLexer;
import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;

/**
 * Commands whose changes a trigger records.
 */
enum Recording {

	/** New rows. */
	INSERT(4, true),

	/** Changed rows. */
	UPDATE(16, true),

	/** Deleted rows. */
	DELETE(8, true),

	/** That all rows were deleted. */
	TRUNCATE(32, false);

	private static final int BEFORE = 2;

	private final int event;

	private final boolean eachRow;

	Recording(int event, boolean eachRow) {
		this.event = event;
		this.eachRow = eachRow;
	}

	/**
	 * Returns the commands after which a trigger fires, for each row where there are any.
	 */
	static Set<Recording> of(Trigger trigger) {
		boolean after = (trigger.type() & BEFORE) == 0;
		boolean eachRow = (trigger.type() & 1) != 0;
		return Arrays.stream(values())
			.filter((command) -> after && command.eachRow == eachRow && (trigger.type() & command.event) != 0)
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(Recording.class)));
	}

	/**
	 * Returns whether a trigger fires before each new row, which it can discard or
	 * change.
	 */
	static boolean isBeforeInsert(Trigger trigger) {
		return (trigger.type() & (1 | BEFORE | INSERT.event)) == (1 | BEFORE | INSERT.event);
	}

	/**
	 * Returns the definition of triggers for commands.
	 * @param name the name of a trigger for rows, quoted where it has to be
	 * @param function the function and its arguments
	 */
	static String define(Set<Recording> commands, String name, Relation table, String function) {
		StringBuilder sql = new StringBuilder();
		List<String> rows = commands.stream().filter((command) -> command.eachRow).map(Enum::name).toList();
		if (!rows.isEmpty()) {
			sql.append("CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW EXECUTE FUNCTION %s;".formatted(name,
					String.join(" OR ", rows), table.name(), function));
		}
		if (commands.contains(TRUNCATE)) {
			sql.append(sql.isEmpty() ? "" : " ")
				.append("CREATE TRIGGER %s AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s;"
					.formatted(rows.isEmpty() ? name : "audit_truncate", table.name(), function));
		}
		return sql.toString();
	}

	/**
	 * Returns whether the body of a function has a statement that inserts into the log,
	 * with the name of its schema.
	 */
	static boolean isIn(Function function, Relation log) {
		return hasTokens(function, List.of("insert", "into", log.schema(), ".", log.table()));
	}

	/**
	 * Returns whether the body of a function links entries to a hash chain, and never
	 * discards one.
	 */
	static boolean isChaining(Function function) {
		return hasTokens(function, List.of("new", ".", "hash")) && !hasTokens(function, List.of("return", "null"));
	}

	private static boolean hasTokens(Function function, List<String> wanted) {
		SqlLexer lexer = new SqlLexer(function.source(), SqlSyntax.POSTGRESQL);
		int found = 0;
		for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
			String text = normalize(token, lexer.text());
			found = text.equals(wanted.get(found)) ? found + 1 : (text.equals(wanted.get(0)) ? 1 : 0);
			if (found == wanted.size()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns whether the body of a function has a string.
	 */
	static boolean hasString(Function function, String string) {
		SqlLexer lexer = new SqlLexer(function.source(), SqlSyntax.POSTGRESQL);
		for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
			if (token == Token.STRING && lexer.text().equalsIgnoreCase("'" + string + "'")) {
				return true;
			}
		}
		return false;
	}

	private static String normalize(Token token, String text) {
		return switch (token) {
			case WORD -> text.toLowerCase(Locale.ROOT);
			case NAME -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
			default -> text;
		};
	}

}
