package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.appdbs.rls.verify.witness.WitnessQuestion.Part;
import org.jspecify.annotations.Nullable;

/**
 * What conditions yield for witness rows.
 */
public final class WitnessAnswer {

	private final Truth[][] results;

	private final List<@Nullable Raised> raised;

	WitnessAnswer(WitnessQuestion question) {
		this.results = new Truth[question.conditions().size()][question.rows().size()];
		this.raised = new ArrayList<>(Arrays.asList(new Raised[this.results.length]));
	}

	/**
	 * Adds what the server answered to a part of the question.
	 */
	void add(Part part, String text) {
		String[] arrays = text.split("\\|");
		for (int i = 0; i < arrays.length; i++) {
			String[] values = arrays[i].substring(1, arrays[i].length() - 1).split(",");
			for (int row = 0; row < values.length; row++) {
				this.results[part.conditions().get(i)][part.from() + row] = values[row].equals("t") ? Truth.TRUE
						: Truth.FALSE;
			}
		}
	}

	/**
	 * Adds that one condition raised an error for one row.
	 */
	void add(Part part, Raised raised) {
		int condition = part.conditions().get(0);
		this.results[condition][part.from()] = Truth.RAISED;
		if (this.raised.get(condition) == null) {
			this.raised.set(condition, raised);
		}
	}

	Truth[] results(int condition) {
		return this.results[condition];
	}

	/**
	 * Returns the first error of a condition or {@code null}.
	 */
	@Nullable Raised raised(int condition) {
		return this.raised.get(condition);
	}

	/**
	 * An error.
	 *
	 * @param state the SQLSTATE
	 * @param message what the server says
	 */
	public record Raised(String state, String message) {

		@Override
		public String toString() {
			return this.state + " " + this.message;
		}

	}

}
