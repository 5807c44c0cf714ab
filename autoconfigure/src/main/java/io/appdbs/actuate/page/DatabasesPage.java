package io.appdbs.actuate.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.PageDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.ServerDescriptor;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.Severity;
import org.jspecify.annotations.Nullable;

/**
 * The page of all databases: the most urgent first, replicas below theirs.
 *
 * @param links the links of the page
 * @param format formats times
 */
record DatabasesPage(PageLinks links, PageFormat format) {

	private static final String[] COLUMNS = { "Database", "State", "Since", "Server", "Response time", "Pool" };

	private static final String UNKNOWN = "–";

	private static final int MAX_NAMES = 5;

	String render(List<DatabaseView> databases) {
		return render(databases, null, null);
	}

	/**
	 * Renders a page.
	 * @param databases the databases on it
	 * @param page which databases these are or {@code null} if they are all
	 * @param state the state by which they have been selected or {@code null}
	 */
	String render(List<DatabaseView> databases, @Nullable PageDescriptor page, @Nullable String state) {
		int down = (int) databases.stream().filter((database) -> database.condition().isDown()).count();
		String title = (down > 0) ? "%d down – Databases".formatted(down) : "Databases";
		return new PageLayout(this.links, this.format).render(title, "Databases", (html) -> {
			html.open("p", "id", "summary", "class", "banner " + findStyle(databases));
			html.text(summarize(databases)).close("p");
			if (page != null) {
				writePages(html, page, state);
			}
			writeTable(html, databases);
		});
	}

	private void writePages(HtmlWriter html, PageDescriptor page, @Nullable String state) {
		String query = (state != null) ? "?state=%s&page=".formatted(state) : "?page=";
		html.open("nav", "aria-label", "Databases");
		html.text("Page %d of %d, of %d databases".formatted(page.number() + 1, page.pages(), page.total()));
		if (page.number() > 0) {
			html.text(" ").element("a", "Previous", "href", this.links.all() + query + (page.number() - 1));
		}
		if (page.number() + 1 < page.pages()) {
			html.text(" ").element("a", "Next", "href", this.links.all() + query + (page.number() + 1));
		}
		for (String other : List.of("down", "starting")) {
			if (!other.equals(state)) {
				html.text(" ").element("a", "Only " + other, "href", this.links.all() + "?state=" + other);
			}
		}
		html.close("nav");
	}

	private static String findStyle(List<DatabaseView> databases) {
		return databases.stream()
			.map(DatabaseView::condition)
			.filter((condition) -> condition != DatabaseCondition.CLOSED)
			.min(Comparator.naturalOrder())
			.map(DatabaseCondition::getStyle)
			.orElse(DatabaseCondition.CLOSED.getStyle());
	}

	private static String summarize(List<DatabaseView> databases) {
		if (databases.stream().allMatch((database) -> database.condition() == DatabaseCondition.UP)) {
			if (databases.isEmpty()) {
				return "There is no such database.";
			}
			return (databases.size() == 1) ? "The database is up."
					: "All %d databases are up.".formatted(databases.size());
		}
		Map<String, List<String>> names = new LinkedHashMap<>();
		databases.stream()
			.sorted(Comparator.comparing(DatabaseView::condition))
			.forEach(
					(database) -> names.computeIfAbsent(database.condition().getPhrase(), (phrase) -> new ArrayList<>())
						.add(database.name()));
		StringJoiner sentence = new StringJoiner(", ", "Of %d databases: ".formatted(databases.size()), ".");
		names.forEach((phrase, those) -> sentence.add("%d %s%s".formatted(those.size(), phrase,
				phrase.equals(DatabaseCondition.UP.getPhrase()) ? "" : " (%s)".formatted(enumerate(those)))));
		return sentence.toString();
	}

	private static String enumerate(List<String> names) {
		String first = String.join(", ", names.subList(0, Math.min(names.size(), MAX_NAMES)));
		return (names.size() > MAX_NAMES) ? first + ", …" : first;
	}

	private void writeTable(HtmlWriter html, List<DatabaseView> databases) {
		html.open("table", "class", "databases").element("caption", "The most urgent first, replicas below theirs.");
		html.open("thead").open("tr");
		for (String column : COLUMNS) {
			html.element("th", column, "scope", "col");
		}
		html.close("tr").close("thead");
		sort(databases).forEach((database) -> writeDatabase(html, database));
		html.close("table");
	}

	/**
	 * Sorts databases together with their replicas by the worst of them. Equally urgent
	 * ones keep the order of the configuration.
	 */
	static List<DatabaseView> sort(List<DatabaseView> databases) {
		Map<String, DatabaseCondition> worst = new LinkedHashMap<>();
		databases.forEach((database) -> worst.merge(group(database), database.condition(),
				(one, other) -> (one.compareTo(other) <= 0) ? one : other));
		List<String> order = List.copyOf(worst.keySet());
		return databases.stream()
			.sorted(Comparator.comparing((DatabaseView database) -> worst.get(group(database)))
				.thenComparing((database) -> order.indexOf(group(database)))
				.thenComparing((database) -> database.primary() != null)
				.thenComparing(DatabaseView::condition))
			.toList();
	}

	private static String group(DatabaseView database) {
		String primary = database.primary();
		return (primary != null) ? primary : database.name();
	}

	private void writeDatabase(HtmlWriter html, DatabaseView database) {
		String style = (database.primary() != null) ? "replica " : "";
		html.open("tbody", "id", "db-" + database.name(), "class", style + database.condition().getStyle()).open("tr");
		html.open("th", "scope", "row").element("a", database.name(), "href", this.links.to(database.name()));
		database.traits().forEach((trait) -> html.text(" ").element("small", trait));
		html.close("th");
		writeCells(html, database);
		html.close("tr");
		if (database.hasProblem() || countFindings(database) != null) {
			html.open("tr", "class", "problem").open("td", "colspan", String.valueOf(COLUMNS.length));
			database.writeProblem(html, this.format);
			writeFindings(html, database);
			html.close("td").close("tr");
		}
		html.close("tbody");
	}

	private void writeCells(HtmlWriter html, DatabaseView database) {
		DatabaseDescriptor descriptor = database.descriptor();
		openCell(html, "State");
		database.writeCondition(html);
		closeCell(html);
		openCell(html, "Since");
		this.format.writeSince(html, descriptor.since());
		closeCell(html);
		openCell(html, "Server");
		ServerDescriptor server = descriptor.server();
		html.text((server.version() != null) ? server.version() : server.engine());
		closeCell(html);
		openCell(html, "Response time");
		html.text(describeResponseTime(database));
		closeCell(html);
		openCell(html, "Pool");
		PoolUsage pool = descriptor.pool();
		if (pool != null) {
			PoolBar.write(html, pool);
		}
		else {
			html.text(UNKNOWN);
		}
		closeCell(html);
	}

	private static String describeResponseTime(DatabaseView database) {
		Duration time = database.descriptor().responseTime();
		if (time == null) {
			return UNKNOWN;
		}
		String measured = PageFormat.measure(time);
		return (database.descriptor().state() == DatabaseState.UP) ? measured : "was " + measured;
	}

	/**
	 * Opens a cell with the label that narrow screens show, as they have no columns.
	 */
	private static void openCell(HtmlWriter html, String label) {
		html.open("td", "data-label", label).open("div");
	}

	private static void closeCell(HtmlWriter html) {
		html.close("div").close("td");
	}

	private static @Nullable String countFindings(DatabaseView database) {
		FindingsReport findings = database.diagnosis().findings();
		if (findings == null || findings.findings().isEmpty()) {
			return null;
		}
		StringJoiner counts = new StringJoiner(", ");
		for (Severity severity : Severity.values()) {
			int count = findings.count(severity);
			if (count > 0) {
				counts.add(count + " " + severity);
			}
		}
		return counts.toString();
	}

	private void writeFindings(HtmlWriter html, DatabaseView database) {
		String counts = countFindings(database);
		if (counts != null) {
			html.open("p", "class", "findings").element("b", "Findings: ");
			html.element("a", counts, "href", this.links.to(database.name()) + "#findings").close("p");
		}
	}

}
