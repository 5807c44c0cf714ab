package io.appdbs.inspection;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a database.
 *
 * @param id the identifier, which is the same in each inspection: the kind, a colon and
 * the object, for example {@code unused-index:public.orders_note_idx}
 * @param severity how serious it is
 * @param object the object, such as an index, as SQL writes it
 * @param table the table or collection of the object, or {@code null} if it has none
 * @param text what is wrong, for operators, in sentences
 * @param fix a statement to read and adapt, which is never executed by itself, or what to
 * do in a sentence; {@code null} if it depends
 */
public record Finding(String id, Severity severity, String object, @Nullable String table, String text,
		@Nullable String fix) {

	/**
	 * Creates a finding.
	 * @param kind the kind, for example {@code unused-index}
	 * @param severity how serious it is
	 * @param object the object
	 * @param table the table of the object or {@code null}
	 * @param text what is wrong
	 * @param fix what to do or {@code null}
	 * @return the finding
	 */
	public static Finding of(String kind, Severity severity, String object, @Nullable String table, String text,
			@Nullable String fix) {
		return new Finding(kind + ":" + object, severity, object, table, text, fix);
	}

	/**
	 * Returns the kind of finding.
	 * @return the part of the identifier before the colon
	 */
	public String getKind() {
		return this.id.substring(0, this.id.indexOf(':'));
	}

}
