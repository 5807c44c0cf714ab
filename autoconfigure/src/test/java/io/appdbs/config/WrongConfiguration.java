package io.appdbs.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.testsupport.EnvironmentBuilder;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * A wrong configuration, read from a file such as those in {@code wrong-configurations}.
 * There it begins with {@code #} and its name, followed by the configuration as YAML and,
 * after {@code $}, variables of the environment. Text that is indented like the keys of a
 * database belongs to {@code orders}, whose URL is {@code embedded:h2} unless it says
 * otherwise. Marked lines follow:
 * <ul>
 * <li>{@code ?} and {@code !} for the description and the action of the failure analysis,
 * and {@code @} for the line and column of an origin</li>
 * <li>{@code -} and {@code +} for the lines to remove and to add in order to follow the
 * advice, where the last removed line has been, or after a line that begins with a space;
 * each line is the next of its kind, or else the first</li>
 * <li>{@code >} for the components that follow the advice, if those are wrong</li>
 * </ul>
 *
 * @param name what is wrong
 * @param input the configuration
 * @param description the description of the failure analysis
 * @param action the action of the failure analysis
 * @param changes the changes that follow the advice
 */
public record WrongConfiguration(String name, List<String> input, String description, String action,
		List<String> changes) {

	private static final String DATABASE = "      ";

	/**
	 * Returns the configurations in the files that a pattern finds.
	 */
	public static Stream<WrongConfiguration> readAll(String pattern) throws IOException {
		Resource[] resources = new PathMatchingResourcePatternResolver().getResources(pattern);
		List<WrongConfiguration> all = new ArrayList<>();
		for (Resource resource : resources) {
			String topic = resource.getFilename().replace(".txt", ": ");
			Arrays.stream(("\n" + resource.getContentAsString(StandardCharsets.UTF_8)).split("\n# "))
				.skip(1)
				.forEach((text) -> all.add(parse(topic, text)));
		}
		return all.stream();
	}

	private static WrongConfiguration parse(String topic, String text) {
		List<String> lines = text.stripTrailing().lines().toList();
		int end = 1;
		while (!lines.get(end).matches("[?].*")) {
			end++;
		}
		int changes = end;
		while (changes < lines.size() && lines.get(changes).matches("[?@!].*")) {
			changes++;
		}
		return new WrongConfiguration(topic + lines.get(0), expand(lines.subList(1, end)),
				text(lines.subList(end, changes), "[?@]"), text(lines.subList(end, changes), "!"),
				lines.subList(changes, lines.size()));
	}

	private static List<String> expand(List<String> lines) {
		if (lines.isEmpty() || !lines.get(0).startsWith(DATABASE)) {
			return lines;
		}
		List<String> expanded = new ArrayList<>(List.of("app:", "  dbs:", "    orders:"));
		if (!lines.get(0).startsWith(DATABASE + "url:")) {
			expanded.add(DATABASE + "url: embedded:h2");
		}
		expanded.addAll(lines);
		return expanded;
	}

	private static String text(List<String> lines, String marker) {
		return lines.stream()
			.filter((line) -> line.matches(marker + ".*"))
			.map((line) -> line.startsWith("@")
					? "\n    Origin: Byte array resource [application.yml] - " + line.substring(2)
					: line.replaceFirst("^. ?", ""))
			.collect(Collectors.joining("\n"));
	}

	/**
	 * Returns the name of the file.
	 */
	String topic() {
		return this.name.substring(0, this.name.indexOf(':'));
	}

	public ConfigurableEnvironment environment() {
		return environment(this.input);
	}

	/**
	 * Returns the environment of the configuration that follows the advice.
	 */
	public ConfigurableEnvironment corrected() {
		List<String> lines = new ArrayList<>(this.input);
		int position = lines.size();
		int start = 0;
		for (String change : this.changes) {
			if (change.startsWith(">")) {
				continue;
			}
			String line = change.substring(1);
			if (change.startsWith("+")) {
				lines.add(position++, line);
				continue;
			}
			int next = lines.subList(start, lines.size()).indexOf(line);
			position = (next >= 0) ? start + next : lines.indexOf(line);
			if (change.startsWith("-")) {
				lines.remove(position);
			}
			else {
				position++;
			}
			start = position;
		}
		return environment(lines);
	}

	private static ConfigurableEnvironment environment(List<String> lines) {
		EnvironmentBuilder builder = EnvironmentBuilder
			.yaml(lines.stream().filter((line) -> !line.startsWith("$")).collect(Collectors.joining("\n", "", "\n")));
		lines.stream()
			.filter((line) -> line.startsWith("$"))
			.map((line) -> line.substring(2).split("=", 2))
			.forEach((variable) -> builder.variable(variable[0], variable[1]));
		return builder.build();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
