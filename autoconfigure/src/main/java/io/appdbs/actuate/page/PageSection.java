package io.appdbs.actuate.page;

/**
 * A section of the page of one database. It writes a heading and what it knows, or
 * nothing at all.
 */
interface PageSection {

	/**
	 * Writes the section.
	 * @param html the page
	 * @param database what is known of the database
	 * @param format formats times
	 */
	void write(HtmlWriter html, DatabaseView database, PageFormat format);

	/**
	 * Opens a section with a heading. To be closed as a {@code section}.
	 * @param html the page
	 * @param id the identifier of the section, to which links lead
	 * @param heading the heading
	 */
	static void open(HtmlWriter html, String id, String heading) {
		html.open("section", "id", id, "aria-labelledby", id + "-heading");
		html.element("h2", heading, "id", id + "-heading");
	}

	/**
	 * Writes a term of a list of terms, and what it is.
	 * @param html the page, in a {@code dl}
	 * @param term the term
	 * @param value what it is
	 */
	static void term(HtmlWriter html, String term, Object value) {
		html.open("div").element("dt", term).element("dd", value).close("div");
	}

}
