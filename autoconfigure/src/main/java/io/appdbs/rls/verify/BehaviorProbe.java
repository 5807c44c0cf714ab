package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.engine.RlsSettings;
import io.appdbs.rls.verify.Catalog.Command;
import io.appdbs.rls.verify.Catalog.Relation;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server what holds while there is no user.
 */
final class BehaviorProbe {

	/** Locks last as long as a transaction, and the server has room for few. */
	private static final int BATCH = 500;

	/** Planning many questions as one statement takes longer than as several. */
	private static final int PER_STATEMENT = 25;

	/** Of a table with more pages this many are read, drawn at random. */
	private static final int MAXIMUM_PAGES = 1000;

	/** A statement was cancelled, or a lock was not to be had in time. */
	private static final Set<String> TIMEOUTS = Set.of("57014", "55P03");

	/**
	 * Connection failures, a server that shuts down, and one that does not understand
	 * what every PostgreSQL does.
	 */
	private static final List<String> NOT_FOR_THE_QUESTION = List.of("08", "57P", "0A", "42601", "XX");

	private static final String UNDEFINED_FUNCTION = "42883";

	/**
	 * A lock on a table also keeps its policies from being printed. Local, as a proxy may
	 * give the connection to others.
	 */
	static final String LIMITS = "SELECT set_config('statement_timeout', '5s', true), "
			+ "set_config('lock_timeout', '2s', true)";

	private final Connection connection;

	private final String emptySettings;

	private final String role;

	BehaviorProbe(Connection connection, RlsSettings settings) {
		String role = settings.role();
		this.connection = connection;
		this.emptySettings = settings.settings()
			.stream()
			.map((setting) -> ", set_config(" + literal(setting.name()) + ", '', true)")
			.collect(Collectors.joining());
		this.role = (role != null) ? ", set_config('role', " + literal(role) + ", true)" : "";
	}

	private static String literal(String text) {
		return "'" + text.replace("'", "''") + "'";
	}

	/**
	 * Ask what holds while there is no user, where settings were never set and where they
	 * are empty.
	 * @param conditions conditions of policies, each with a table that has it
	 * @param relations all relations, by identifier
	 * @param tables the tables to look at, each with whether to read it; of others the
	 * server is only asked whether policies are in force
	 * @return what holds
	 */
	Result run(Map<String, Relation> conditions, Map<Long, Relation> relations, Map<Relation, Boolean> tables)
			throws SQLException {
		List<String> texts = List.copyOf(conditions.keySet());
		List<String> questions = new ArrayList<>(
				texts.stream().map((text) -> isTrueForNulls(text, conditions.get(text))).toList());
		Set<Integer> unset = ask(questions, LIMITS + this.role);
		List<Relation> readable = new ArrayList<>(tables.keySet());
		readable.removeIf((table) -> !table.granted().contains(Command.SELECT));
		Set<Long> visible = findUnsecured(
				readable.stream().filter((table) -> Boolean.FALSE.equals(tables.get(table))).toList());
		if (visible != null) {
			readable.removeIf((table) -> Boolean.FALSE.equals(tables.get(table)));
		}
		Map<Long, Long> pages = countPages(relations);
		readable.forEach((table) -> questions.add(hasVisibleRow(table, pages.getOrDefault(table.id(), 0L))));
		Set<Integer> empty = ask(questions, LIMITS + this.emptySettings + this.role);
		Result result = new Result(new HashSet<>(), (visible != null) ? visible : new HashSet<>());
		unset.forEach((index) -> result.trueConditions().add(texts.get(index)));
		for (int index : empty) {
			if (index < texts.size()) {
				result.trueConditions().add(texts.get(index));
			}
			else {
				result.visible().add(readable.get(index - texts.size()).id());
			}
		}
		return result;
	}

	/**
	 * Find the tables whose policies are not in force.
	 * @return the identifiers or {@code null} if the server cannot tell
	 */
	private @Nullable Set<Long> findUnsecured(List<Relation> tables) throws SQLException {
		if (tables.isEmpty()) {
			return new HashSet<>();
		}
		String ids = tables.stream().map((table) -> String.valueOf(table.id())).collect(Collectors.joining(","));
		try {
			return select(LIMITS + this.role
					+ ";SELECT t FROM unnest('{%s}'::oid[]) t WHERE NOT row_security_active(t)".formatted(ids));
		}
		catch (SQLException ex) {
			if (UNDEFINED_FUNCTION.equals(ex.getSQLState())) {
				return null;
			}
			throw ex;
		}
	}

	/**
	 * A condition that is true although nothing is known of the row nor of the user is
	 * true for others, too.
	 */
	private static String isTrueForNulls(String condition, @Nullable Relation table) {
		return (table != null) ? "(SELECT %s FROM (SELECT (NULL::%s).*) AS %s)".formatted(condition, table.quoted(),
				'"' + table.name().replace("\"", "\"\"") + '"') : "false";
	}

	private static String hasVisibleRow(Relation table, long pages) {
		String sample = (pages > MAXIMUM_PAGES)
				? String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%f)", 100.0 * MAXIMUM_PAGES / pages) : "";
		return "EXISTS (SELECT 1 FROM %s%s)".formatted(table.quoted(), sample);
	}

	/**
	 * Count the pages of tables with those of their partitions.
	 */
	private static Map<Long, Long> countPages(Map<Long, Relation> relations) {
		Map<Long, Long> pages = new HashMap<>();
		for (Relation relation : relations.values()) {
			Relation current = relation;
			while (current != null) {
				pages.merge(current.id(), relation.pages(), Long::sum);
				current = (current.parent() != null) ? relations.get(current.parent()) : null;
			}
		}
		return pages;
	}

	private Set<Integer> ask(List<String> questions, String prelude) throws SQLException {
		Set<Integer> confirmed = new HashSet<>();
		for (int from = 0; from < questions.size(); from += BATCH) {
			ask(questions, from, Math.min(from + BATCH, questions.size()), prelude, confirmed);
		}
		return confirmed;
	}

	/**
	 * Ask a part of the questions together. One that fails confirms nothing, but takes
	 * the others with it.
	 */
	private void ask(List<String> questions, int from, int to, String prelude, Set<Integer> confirmed)
			throws SQLException {
		try {
			askTogether(questions, from, to, prelude, confirmed);
		}
		catch (SQLException ex) {
			String state = String.valueOf(ex.getSQLState());
			if (TIMEOUTS.contains(state) || NOT_FOR_THE_QUESTION.stream().anyMatch(state::startsWith)) {
				throw ex;
			}
			if (to - from > 1) {
				int middle = (from + to) / 2;
				ask(questions, from, middle, prelude, confirmed);
				ask(questions, middle, to, prelude, confirmed);
			}
		}
	}

	private void askTogether(List<String> questions, int from, int to, String prelude, Set<Integer> confirmed)
			throws SQLException {
		StringBuilder sql = new StringBuilder(prelude);
		for (int i = from; i < to; i++) {
			sql.append(((i - from) % PER_STATEMENT != 0) ? " UNION ALL " : ";");
			sql.append("SELECT ").append(i).append(" WHERE ").append(questions.get(i));
		}
		select(sql.toString()).forEach((index) -> confirmed.add(index.intValue()));
	}

	/**
	 * Return the numbers that all statements but the first select, in a transaction of
	 * their own.
	 */
	private Set<Long> select(String sql) throws SQLException {
		Set<Long> numbers = new HashSet<>();
		this.connection.setAutoCommit(false);
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
			while (statement.getMoreResults()) {
				try (ResultSet rows = statement.getResultSet()) {
					while (rows.next()) {
						numbers.add(rows.getLong(1));
					}
				}
			}
			return numbers;
		}
		finally {
			this.connection.rollback();
			this.connection.setAutoCommit(true);
		}
	}

	/**
	 * What holds while there is no user.
	 *
	 * @param trueConditions the conditions that let rows through
	 * @param visible the identifiers of tables that show rows
	 */
	record Result(Set<String> trueConditions, Set<Long> visible) {

	}

}
