package io.appdbs.actuate.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sections of {@code docs/troubleshooting.md}.
 *
 * @param sections the text of each section by its anchor
 */
record Runbook(Map<String, Section> sections) {

	static Runbook read() throws IOException {
		Map<String, Section> sections = new LinkedHashMap<>();
		for (String part : Files.readString(Path.of("../docs/troubleshooting.md")).split("(?m)^(?=##+ )")) {
			String title = part.lines().findFirst().orElse("").replaceFirst("^#+ +", "");
			String anchor = title.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
			sections.put(anchor, new Section(anchor, title, part));
		}
		return new Runbook(sections);
	}

	/**
	 * Returns the section that the address of an alert leads to.
	 */
	Section find(String address) {
		String anchor = address.substring(address.indexOf('#') + 1);
		Section section = this.sections.get(anchor);
		if (section == null) {
			throw new IllegalArgumentException("No section " + anchor);
		}
		return section;
	}

	/**
	 * A section.
	 *
	 * @param anchor the anchor
	 * @param title the heading
	 * @param text the complete text
	 */
	record Section(String anchor, String title, String text) {

		/**
		 * Returns whether a line of the section is a message, apart from names, numbers
		 * and what the driver says.
		 */
		boolean quotes(String message) {
			return Stream.of(this.text.split("```"))
				.filter((block) -> block.startsWith("log\n"))
				.flatMap(String::lines)
				.skip(1)
				.anyMatch((line) -> pattern(withoutStill(line)).matcher(withoutStill(message)).matches());
		}

		private static String withoutStill(String line) {
			return line.replace(" is still DOWN: ", " is DOWN: ");
		}

		private static Pattern pattern(String line) {
			String start = line.replaceFirst("(The driver says: |…).*", "");
			List<String> parts = List.of(start.split("'[^']*'|\\d+|\\(.*?\\)", -1));
			return Pattern.compile(parts.stream().map(Pattern::quote).collect(Collectors.joining(".*?")) + ".*",
					Pattern.DOTALL);
		}

	}

}
