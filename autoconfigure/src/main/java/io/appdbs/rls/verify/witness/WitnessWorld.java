package io.appdbs.rls.verify.witness;

import java.util.Map;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import org.jspecify.annotations.Nullable;

/**
 * What witness rows have in common whomever they belong to.
 *
 * @param values columns with a certain value, as SQL
 * @param flags columns with a value that is likely to make rows public by intent: a
 * boolean, a label of an enum or a literal that a policy compares with. Each with the
 * words for it.
 * @param special the words for what else is special or {@code null}
 * @param near how texts differ from those of user B
 * @param candidate whether flags have values that are not compared with their columns
 */
record WitnessWorld(Map<Column, String> values, Map<Column, String> flags, @Nullable String special, Near near,
		boolean candidate) {

	WitnessWorld(Map<Column, String> values, Map<Column, String> flags, @Nullable String special) {
		this(values, flags, special, Near.NONE, false);
	}

	/**
	 * How a text differs from that of user B, to whom it therefore does not belong.
	 */
	enum Near {

		/** It is not close. */
		NONE(""),

		/** It has a character more at the end. */
		LONGER("whose text starts with that of the user"),

		/** It has a character more at the start. */
		PREFIXED("whose text ends with that of the user"),

		/** It lacks the last character. */
		SHORTER("whose text the one of the user starts with");

		private final String words;

		Near(String words) {
			this.words = words;
		}

		String words() {
			return this.words;
		}

		String change(String text) {
			return switch (this) {
				case NONE -> text;
				case LONGER -> text + "x";
				case PREFIXED -> "x" + text;
				case SHORTER -> text.substring(0, text.length() - 1);
			};
		}

	}

}
