package io.appdbs.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/loggers.md} has the loggers of the code, with their levels.
 */
class LoggersPageTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern LOGGER = Pattern.compile(
			"(\\w+) = LogFactory\\s*\\.getLog\\((?:(\\w+)\\.class|\"(io\\.appdbs\\.[a-z-]+\\.)\" \\+ \\w+|\\w+)\\);");

	private static final Pattern PREFIX = Pattern.compile("PREFIX = \"(io\\.appdbs\\.[a-z-]+\\.)\"");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(io\\.appdbs[^`]+)` \\| ([A-Z, ]+) \\|");

	@Test
	void pageHasTheLoggersOfTheCode() throws IOException {
		List<String> page = ROW.matcher(Files.readString(ROOT.resolve("docs/loggers.md")))
			.results()
			.map((row) -> row.group(1) + ": " + new TreeSet<>(List.of(row.group(2).split(", "))))
			.toList();
		List<String> code = findLoggers().entrySet()
			.stream()
			.map((logger) -> logger.getKey() + ": " + logger.getValue())
			.toList();
		assertThat(page).doesNotHaveDuplicates();
		assertThat(code.stream().filter((logger) -> !page.contains(logger))).as("missing in docs/loggers.md").isEmpty();
		assertThat(page.stream().filter((logger) -> !code.contains(logger))).as("not in the code").isEmpty();
	}

	private static Map<String, TreeSet<String>> findLoggers() throws IOException {
		Map<String, TreeSet<String>> loggers = new TreeMap<>();
		for (String module : new String[] { "autoconfigure", "test", "testcontainers", "restore" }) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
				files.filter((file) -> file.toString().endsWith(".java"))
					.forEach((file) -> collect(read(file), loggers));
			}
		}
		return loggers;
	}

	private static void collect(String source, Map<String, TreeSet<String>> loggers) {
		int declared = source.split("LogFactory\\s*\\.getLog\\(", -1).length - 1;
		assertThat(LOGGER.matcher(source).results()).hasSize(declared).allSatisfy((logger) -> {
			String calls = "\\b" + logger.group(1) + "\\s*(?:\\.|::)(trace|debug|info|warn|error|fatal)\\b";
			loggers.computeIfAbsent(name(logger, source), (name) -> new TreeSet<>())
				.addAll(Pattern.compile(calls)
					.matcher(source)
					.results()
					.map((call) -> call.group(1).toUpperCase(Locale.ROOT))
					.collect(Collectors.toSet()));
		});
	}

	private static String name(MatchResult logger, String source) {
		String type = logger.group(2);
		if (type == null) {
			return ((logger.group(3) != null) ? logger.group(3) : first(PREFIX, source)) + "<database>";
		}
		Pattern imported = Pattern.compile("import (io\\.appdbs\\.[\\w.]+\\." + type + ");");
		return imported.matcher(source).find() ? first(imported, source)
				: first(Pattern.compile("package ([\\w.]+);"), source) + "." + type;
	}

	private static String first(Pattern pattern, String source) {
		return pattern.matcher(source).results().findFirst().orElseThrow().group(1);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
