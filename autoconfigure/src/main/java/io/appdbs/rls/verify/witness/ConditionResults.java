package io.appdbs.rls.verify.witness;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import io.appdbs.rls.verify.witness.WitnessAnswer.Raised;
import org.jspecify.annotations.Nullable;

/**
 * What the conditions of a table's policies yield for its cells, by context.
 */
public final class ConditionResults {

	private final WitnessCells cells;

	/** The number of questions in each world of other tables. */
	private final int decisions;

	private final Map<WitnessContext, Map<String, Truth[]>> results = new HashMap<>();

	private final Map<WitnessContext, Map<String, Raised>> errors = new HashMap<>();

	ConditionResults(WitnessCells cells, int decisions) {
		this.cells = cells;
		this.decisions = decisions;
	}

	/**
	 * Records the answers to the questions about conditions.
	 * @param context the context in which the questions were asked
	 * @param conditions the conditions
	 * @param answers the answers, in the order of the questions
	 */
	public void record(WitnessContext context, Collection<String> conditions, List<WitnessAnswer> answers) {
		int index = 0;
		for (String condition : conditions) {
			Truth[] truths = new Truth[this.cells.size()];
			for (int cell = 0; cell < truths.length; cell++) {
				int world = cell / this.cells.rows().size() * this.decisions;
				Truth truth = answers.get(world).results(index)[cell % this.cells.rows().size()];
				truths[cell] = (this.decisions == 1) ? truth
						: truth.or(answers.get(world + 1).results(index)[cell % this.cells.rows().size()]);
			}
			this.results.computeIfAbsent(context, (key) -> new HashMap<>()).put(condition, truths);
			for (int i = 0; i < answers.size(); i++) {
				Raised raised = answers.get(i).raised(index);
				if (raised != null
						&& isOrdinary(answers.get(i).results(index), this.cells.others().get(i / this.decisions))) {
					this.errors.computeIfAbsent(context, (key) -> new HashMap<>()).putIfAbsent(condition, raised);
				}
			}
			index++;
		}
	}

	/**
	 * Returns whether a condition also raises an error for rows without values that are
	 * not compared with their column, and may not fit.
	 */
	private boolean isOrdinary(Truth[] results, WitnessWorld others) {
		return !others.candidate() && IntStream.range(0, results.length)
			.anyMatch((i) -> results[i] == Truth.RAISED && !this.cells.rows().get(i).world().candidate());
	}

	/**
	 * Records for conditions what is known of another context.
	 * @param from the context with known results
	 * @param to the context to record them for
	 * @param conditions the conditions
	 */
	public void copy(WitnessContext from, WitnessContext to, Collection<String> conditions) {
		Map<String, Truth[]> known = this.results.getOrDefault(from, Map.of());
		Map<String, Truth[]> results = this.results.computeIfAbsent(to, (key) -> new HashMap<>());
		conditions.forEach((condition) -> results.putIfAbsent(condition, Objects.requireNonNull(known.get(condition))));
	}

	/**
	 * Returns what a condition of a policy yields.
	 * @param context the context
	 * @param condition the condition
	 * @param cell the cell
	 * @return what a condition of a policy yields
	 */
	public Truth truth(WitnessContext context, String condition, int cell) {
		Truth[] cells = this.results.getOrDefault(context, Map.of()).get(condition);
		return (cells != null) ? cells[cell] : Truth.UNKNOWN;
	}

	/**
	 * Returns the error that a condition raises for some row, or {@code null}.
	 * @param context the context
	 * @param condition the condition
	 * @return the error that a condition raises for some row, or {@code null}
	 */
	public @Nullable Raised raised(WitnessContext context, @Nullable String condition) {
		return this.errors.getOrDefault(context, Map.of()).get(String.valueOf(condition));
	}

	public boolean isKnown(WitnessContext context, String condition) {
		return this.results.getOrDefault(context, Map.of()).containsKey(condition);
	}

}
