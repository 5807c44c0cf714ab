package io.appdbs.actuate.page;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import io.appdbs.PreparationReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.lifecycle.history.DatabaseStateChange;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Sections about what is in the database, and what has happened to it.
 */
final class ReportSections {

	/** Key of the findings in the report of a preparation. */
	private static final String FINDINGS = "findings";

	private ReportSections() {
	}

	static void preparations(HtmlWriter html, DatabaseView database, PageFormat format) {
		List<PreparationReport> preparations = database.descriptor().preparations();
		if (preparations.isEmpty()) {
			return;
		}
		PageSection.open(html, "preparations", "Preparations");
		html.open("dl");
		for (PreparationReport preparation : preparations) {
			String details = describe(preparation.details());
			PageSection.term(html, StringUtils.capitalize(preparation.name().replace('-', ' ')), "%s%s in %s"
				.formatted(details, details.isEmpty() ? "done" : ",", PageFormat.measure(preparation.duration())));
		}
		html.close("dl");
		preparations.forEach((preparation) -> writeFindings(html, preparation.details().get(FINDINGS)));
		html.close("section");
	}

	private static String describe(Map<String, Object> details) {
		StringJoiner description = new StringJoiner(", ");
		details.forEach((key, value) -> {
			if (!FINDINGS.equals(key)) {
				description.add("%s %s".formatted(key, describe(value)));
			}
			else if (value instanceof List<?> findings) {
				description.add("findings " + findings.size());
			}
		});
		return description.toString();
	}

	/**
	 * Describes an entry of a list, such as an index, by its first value and the others
	 * in parentheses.
	 */
	private static String describe(Object value) {
		if (!(value instanceof List<?> list) || !list.stream().allMatch(Map.class::isInstance)) {
			return String.valueOf(value);
		}
		return list.stream().map((entry) -> describeEntry((Map<?, ?>) entry)).collect(Collectors.joining(", "));
	}

	private static String describeEntry(Map<?, ?> entry) {
		Iterator<? extends Map.Entry<?, ?>> values = entry.entrySet().iterator();
		String name = values.hasNext() ? String.valueOf(values.next().getValue()) : "";
		StringJoiner others = new StringJoiner(", ", " (", ")").setEmptyValue("");
		values.forEachRemaining((value) -> others.add(Boolean.TRUE.equals(value.getValue())
				? String.valueOf(value.getKey()) : "%s %s".formatted(value.getKey(), value.getValue())));
		return name + others;
	}

	/**
	 * Writes the findings of a preparation, such as the verification of policies, which
	 * reports them as maps.
	 */
	private static void writeFindings(HtmlWriter html, @Nullable Object value) {
		if (!(value instanceof List<?> findings) || findings.isEmpty()) {
			return;
		}
		html.open("ul", "class", "findings");
		for (Object finding : findings) {
			if (finding instanceof Map<?, ?> map) {
				writeFinding(html, String.valueOf(map.get("severity")), String.valueOf(map.get("object")),
						String.valueOf(map.get("reason")),
						(map.get("fix") != null) ? String.valueOf(map.get("fix")) : null);
			}
		}
		html.close("ul");
	}

	static void findings(HtmlWriter html, DatabaseView database, PageFormat format) {
		FindingsReport report = database.diagnosis().findings();
		if (report == null) {
			return;
		}
		PageSection.open(html, FINDINGS, "Findings");
		if (report.findings().isEmpty()) {
			html.element("p", "The latest inspection has found nothing.");
		}
		html.open("ul", "class", FINDINGS);
		for (Finding finding : report.findings()) {
			writeFinding(html, finding.severity().name(), finding.object(), finding.text(), finding.fix());
		}
		html.close("ul");
		report.checks()
			.forEach((kind, check) -> html.element("p",
					"Not checked: %s, %s. %s".formatted(kind, check.status(), Objects.toString(check.message(), "")),
					"class", "note"));
		html.close("section");
	}

	static void writeFinding(HtmlWriter html, String severity, String object, String text, @Nullable String fix) {
		html.open("li").element("b", severity).text(" ").element("code", object);
		html.element("p", text, "class", "reason");
		if (fix != null) {
			html.open("pre").element("code", fix).close("pre");
		}
		html.close("li");
	}

	static void history(HtmlWriter html, DatabaseView database, PageFormat format) {
		List<DatabaseStateChange> changes = database.diagnosis().changes();
		if (changes.isEmpty()) {
			return;
		}
		PageSection.open(html, "history", "Last changes of the state");
		html.open("ol", "class", "history");
		for (DatabaseStateChange change : changes) {
			html.open("li");
			format.writeSince(html, change.time());
			html.text(" ").element("b", "%s → %s".formatted(change.from(), change.to()));
			if (change.reason() != null) {
				html.element("p", StringUtils.capitalize(change.reason()), "class", "reason");
			}
			html.close("li");
		}
		html.close("ol").close("section");
	}

}
