package io.appdbs.actuate.page;

import java.util.ArrayList;
import java.util.List;

/**
 * The page of one database: its state and what is wrong, then a section for each topic. A
 * topic is added as a {@link PageSection}.
 *
 * @param links the links of the page
 * @param format formats times
 * @param sections the sections, in order
 */
record DatabasePage(PageLinks links, PageFormat format, List<PageSection> sections) {

	/**
	 * Returns all sections.
	 * @param writable whether the user may be permitted to execute operations
	 */
	static List<PageSection> sections(boolean writable) {
		List<PageSection> sections = new ArrayList<>(List.of(ConnectionSections::pool, ConnectionSections::server,
				ConnectionSections::replica, ConnectionSections::credentials, ConnectionSections::ssl,
				ConnectionSections::encryption, BackupSection::write, ReportSections::preparations,
				ReportSections::findings, ReportSections::history));
		if (writable) {
			sections.add(new OperationSection());
		}
		return List.copyOf(sections);
	}

	String render(DatabaseView database) {
		String name = database.name();
		String title = database.condition().isDown() ? "Down – %s".formatted(name) : "Database " + name;
		return new PageLayout(this.links, this.format).render(title, name, (html) -> {
			writeNavigation(html);
			writeState(html, database);
			html.open("div", "class", "sections");
			this.sections.forEach((section) -> section.write(html, database, this.format));
			html.close("div");
		});
	}

	/**
	 * Renders the answer to a request for a database that does not exist.
	 * @param message the message, with the known names
	 */
	String renderUnknown(String message) {
		return new PageLayout(this.links, this.format).render("No such database", "No such database", (html) -> {
			writeNavigation(html);
			html.element("p", message, "class", "banner bad");
		});
	}

	private void writeNavigation(HtmlWriter html) {
		html.open("nav", "aria-label", "Pages").element("a", "All databases", "href", this.links.all()).close("nav");
	}

	private void writeState(HtmlWriter html, DatabaseView database) {
		html.open("div", "class", "banner " + database.condition().getStyle()).open("p", "id", "summary");
		database.writeCondition(html);
		html.text(" since ");
		this.format.writeSince(html, database.descriptor().since());
		database.traits().forEach((trait) -> html.text(" ").element("small", trait));
		html.close("p");
		database.writeProblem(html, this.format);
		html.close("div");
	}

}
