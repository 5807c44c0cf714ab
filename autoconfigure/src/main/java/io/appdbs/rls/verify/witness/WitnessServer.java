package io.appdbs.rls.verify.witness;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.appdbs.rls.verify.catalog.CatalogReader;
import io.appdbs.rls.verify.witness.WitnessAnswer.Raised;
import io.appdbs.rls.verify.witness.WitnessQuestion.Part;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server questions, each time in a transaction that is read-only and rolled
 * back. What raises an error is found by asking again for halves.
 */
public final class WitnessServer {

	/** Locks last as long as a transaction, and the server has room for few. */
	private static final int BATCH = 500;

	/** Planning many questions as one statement takes longer than as several. */
	private static final int PER_STATEMENT = 50;

	/** A statement was cancelled, or a lock could not be obtained in time. */
	private static final Set<String> TIMEOUTS = Set.of("57014", "55P03");

	/** Connection failures, and a server that shuts down. */
	private static final List<String> NOT_FOR_THE_QUESTION = List.of("08", "57P");

	private static final String READ_ONLY = CatalogReader.LIMITS
			+ ", pg_catalog.set_config('transaction_read_only', 'on', true)";

	private final Connection connection;

	private final String role;

	public WitnessServer(Connection connection, @Nullable String role) {
		this.connection = connection;
		this.role = (role != null) ? setting("role", role) : "";
	}

	private static String setting(String name, String value) {
		return ", pg_catalog.set_config(%s, %s, true)".formatted(WitnessValues.literal(name),
				WitnessValues.literal(value));
	}

	private String prelude(WitnessContext context) {
		StringBuilder prelude = new StringBuilder(READ_ONLY);
		if (context.settings() != null) {
			context.settings().forEach((name, value) -> prelude.append(setting(name, value)));
		}
		return prelude.append(this.role).toString();
	}

	/**
	 * Asks the same questions in several contexts.
	 * @param questions the questions
	 * @param contexts the contexts
	 * @return the ask
	 */
	public Map<WitnessContext, Map<WitnessQuestion, WitnessAnswer>> ask(Collection<WitnessQuestion> questions,
			List<WitnessContext> contexts) throws SQLException {
		Map<WitnessContext, Map<WitnessQuestion, WitnessAnswer>> answers = new LinkedHashMap<>();
		List<WitnessQuestion> distinct = questions.stream().distinct().toList();
		contexts.forEach((context) -> answers.put(context, new LinkedHashMap<>()));
		if (contexts.size() > 1 && distinct.size() > PER_STATEMENT && askPrepared(distinct, answers)) {
			return answers;
		}
		for (WitnessContext context : contexts) {
			answers.put(context, ask(distinct, context));
		}
		return answers;
	}

	/**
	 * Asks all questions together.
	 * @return whether there was no error
	 */
	private boolean askPrepared(List<WitnessQuestion> questions,
			Map<WitnessContext, Map<WitnessQuestion, WitnessAnswer>> answers) throws SQLException {
		for (int from = 0; from < questions.size(); from += BATCH) {
			List<WitnessQuestion> some = questions.subList(from, Math.min(from + BATCH, questions.size()));
			PreparedQuestions prepared = new PreparedQuestions(some,
					queries(some.size(), (i) -> some.get(i).toSql(i, some.get(i).all())));
			List<Map<Integer, String>> results = new ArrayList<>();
			if (execute(prepared.toSql(answers.keySet(), this::prelude), results) != null) {
				return false;
			}
			prepared.addAnswers(results, answers);
		}
		return true;
	}

	/**
	 * Asks questions, those that are the same only once.
	 */
	private Map<WitnessQuestion, WitnessAnswer> ask(Collection<WitnessQuestion> questions, WitnessContext context)
			throws SQLException {
		Map<WitnessQuestion, WitnessAnswer> answers = new LinkedHashMap<>();
		questions.forEach((question) -> answers.computeIfAbsent(question, WitnessAnswer::new));
		List<Asked> all = new ArrayList<>();
		answers.forEach((question, answer) -> all.add(new Asked(question, question.all(), answer)));
		String prelude = prelude(context);
		for (int from = 0; from < all.size(); from += BATCH) {
			ask(all.subList(from, Math.min(from + BATCH, all.size())), prelude);
		}
		return answers;
	}

	private void ask(List<Asked> asked, String prelude) throws SQLException {
		List<String> queries = queries(asked.size(), (i) -> asked.get(i).question().toSql(i, asked.get(i).part()));
		List<Map<Integer, String>> results = new ArrayList<>();
		Raised raised = execute(prelude + ";" + String.join(";", queries), results);
		if (raised == null) {
			results.forEach((rows) -> rows
				.forEach((index, text) -> asked.get(index).answer().add(asked.get(index).part(), text)));
		}
		else if (asked.size() > 1) {
			ask(asked.subList(0, asked.size() / 2), prelude);
			ask(asked.subList(asked.size() / 2, asked.size()), prelude);
		}
		else if (asked.get(0).part().isDivisible()) {
			for (Part part : asked.get(0).part().divide()) {
				ask(List.of(new Asked(asked.get(0).question(), part, asked.get(0).answer())), prelude);
			}
		}
		else {
			asked.get(0).answer().add(asked.get(0).part(), raised);
		}
	}

	private static List<String> queries(int size, IntFunction<String> query) {
		List<String> queries = new ArrayList<>();
		for (int from = 0; from < size; from += PER_STATEMENT) {
			queries.add(IntStream.range(from, Math.min(from + PER_STATEMENT, size))
				.mapToObj(query)
				.collect(Collectors.joining(" UNION ALL ")));
		}
		return queries;
	}

	/**
	 * Plans statements without executing them.
	 * @param statements the statements
	 * @param context the context
	 * @return the errors of those that raise one
	 */
	public Map<String, Raised> explain(List<String> statements, WitnessContext context) throws SQLException {
		Map<String, Raised> errors = new LinkedHashMap<>();
		for (int from = 0; from < statements.size(); from += BATCH) {
			explain(statements.subList(from, Math.min(from + BATCH, statements.size())), prelude(context), errors);
		}
		return errors;
	}

	private void explain(List<String> statements, String prelude, Map<String, Raised> errors) throws SQLException {
		Raised raised = execute(prelude + ";EXPLAIN " + String.join(";EXPLAIN ", statements), null);
		if (raised != null && statements.size() == 1) {
			errors.put(statements.get(0), raised);
		}
		else if (raised != null) {
			explain(statements.subList(0, statements.size() / 2), prelude, errors);
			explain(statements.subList(statements.size() / 2, statements.size()), prelude, errors);
		}
	}

	/**
	 * Executes statements in a separate transaction.
	 * @param results where the answers go, or {@code null} to ignore them
	 * @return the error, if there is one that has to do with the statements
	 */
	private @Nullable Raised execute(String sql, @Nullable List<Map<Integer, String>> results) throws SQLException {
		this.connection.setAutoCommit(false);
		try (Statement statement = this.connection.createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(sql);
			while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
				if (results != null && statement.getUpdateCount() == -1) {
					read(statement, results);
				}
			}
			return null;
		}
		catch (SQLException ex) {
			String state = String.valueOf(ex.getSQLState());
			if (TIMEOUTS.contains(state) || NOT_FOR_THE_QUESTION.stream().anyMatch(state::startsWith)) {
				throw ex;
			}
			return new Raised(state,
					String.valueOf(ex.getMessage()).lines().findFirst().orElse("").replaceFirst("^ERROR: ", ""));
		}
		finally {
			this.connection.rollback();
			this.connection.setAutoCommit(true);
		}
	}

	/**
	 * Reads numbers and texts; other results are those of preludes.
	 */
	private static void read(Statement statement, List<Map<Integer, String>> results) throws SQLException {
		try (ResultSet rows = statement.getResultSet()) {
			if (rows.getMetaData().getColumnType(1) == Types.INTEGER) {
				Map<Integer, String> answers = new HashMap<>();
				while (rows.next()) {
					answers.put(rows.getInt(1), rows.getString(2));
				}
				results.add(answers);
			}
		}
	}

	/**
	 * A part of a question that is asked.
	 *
	 * @param question the question
	 * @param part the part
	 * @param answer where the answer goes
	 */
	private record Asked(WitnessQuestion question, Part part, WitnessAnswer answer) {

	}

}
