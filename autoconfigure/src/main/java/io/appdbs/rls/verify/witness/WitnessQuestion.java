package io.appdbs.rls.verify.witness;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Asks what conditions yield for witness rows. Two questions with the same SQL have the
 * same answer.
 *
 * @param with common table expressions that conditions read, or nothing
 * @param conditions the conditions
 * @param rows the rows, each in parentheses
 * @param alias the name and the columns of the rows
 * @param typed whether rows are of the type of their table, else they have its columns
 */
public record WitnessQuestion(String with, List<String> conditions, List<String> rows, String alias, boolean typed) {

	/**
	 * Returns a query with one row: a number, and the results of each condition.
	 * @param number identifies the question
	 * @param part the part of the question
	 */
	String toSql(int number, Part part) {
		String results = part.conditions()
			.stream()
			.map((index) -> "array_agg(" + this.conditions.get(index) + ")")
			.collect(Collectors.joining(", "));
		String query = "SELECT %d, concat_ws('|', %s) FROM %s AS %s".formatted(number, results,
				(this.typed ? "unnest(ARRAY[%s])" : "(VALUES %s)")
					.formatted(String.join(",", this.rows.subList(part.from(), part.to()))),
				this.alias);
		return this.with.isEmpty() ? query : "(" + this.with + query + ")";
	}

	Part all() {
		return new Part(IntStream.range(0, this.conditions.size()).boxed().toList(), 0, this.rows.size());
	}

	/**
	 * A part of a question.
	 *
	 * @param conditions the indexes of conditions
	 * @param from the index of the first row
	 * @param to the index after the last row
	 */
	record Part(List<Integer> conditions, int from, int to) {

		boolean isDivisible() {
			return this.conditions.size() > 1 || this.to - this.from > 1;
		}

		/**
		 * Divides the part, to find out what raises an error.
		 */
		List<Part> divide() {
			int size = this.conditions.size();
			if (size > 1) {
				return List.of(new Part(this.conditions.subList(0, size / 2), this.from, this.to),
						new Part(this.conditions.subList(size / 2, size), this.from, this.to));
			}
			int middle = (this.from + this.to) / 2;
			return List.of(new Part(this.conditions, this.from, middle), new Part(this.conditions, middle, this.to));
		}

	}

}
