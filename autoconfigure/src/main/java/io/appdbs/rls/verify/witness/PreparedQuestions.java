package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Questions that are asked in several contexts as prepared statements, since planning
 * them takes as long as answering them. The statements are gone at the end. One that
 * raises an error leaves some behind, for which their names are used only once.
 */
final class PreparedQuestions {

	private static final String GENERIC = "SELECT pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)";

	private final List<WitnessQuestion> questions;

	private final List<String> queries;

	private final String name = "appdbs_" + Long.toString(System.nanoTime(), Character.MAX_RADIX) + "_";

	/**
	 * Creates new {@link PreparedQuestions}.
	 * @param queries queries with the answers to all questions, by their index
	 */
	PreparedQuestions(List<WitnessQuestion> questions, List<String> queries) {
		this.questions = questions;
		this.queries = queries;
	}

	/**
	 * Returns the statements that ask in all contexts.
	 * @param prelude returns a query that makes the settings of a context
	 */
	String toSql(Collection<WitnessContext> contexts, Function<WitnessContext, String> prelude) {
		List<String> statements = new ArrayList<>();
		boolean prepared = false;
		for (WitnessContext context : contexts) {
			statements.add(prelude.apply(context));
			if (!prepared) {
				statements.add(GENERIC);
				each("PREPARE %s AS %s", statements);
				prepared = true;
			}
			each("EXECUTE %s", statements);
		}
		each("DEALLOCATE %s", statements);
		return String.join(";", statements);
	}

	private void each(String format, List<String> statements) {
		for (int i = 0; i < this.queries.size(); i++) {
			statements.add(format.formatted(this.name + i, this.queries.get(i)));
		}
	}

	/**
	 * Adds the answers.
	 * @param results the results of the queries in all contexts
	 * @param answers where they go, by context
	 */
	void addAnswers(List<Map<Integer, String>> results,
			Map<WitnessContext, Map<WitnessQuestion, WitnessAnswer>> answers) {
		int first = 0;
		for (WitnessContext context : List.copyOf(answers.keySet())) {
			Map<WitnessQuestion, WitnessAnswer> known = answers.computeIfAbsent(context,
					(key) -> new LinkedHashMap<>());
			for (Map<Integer, String> rows : results.subList(first, first + this.queries.size())) {
				rows.forEach((index, text) -> {
					WitnessQuestion question = this.questions.get(index);
					WitnessAnswer answer = new WitnessAnswer(question);
					answer.add(question.all(), text);
					known.put(question, answer);
				});
			}
			first += this.queries.size();
		}
	}

}
