package io.appdbs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on troubleshooting quotes is what the application reports.
 */
class TroubleshootingPageTests {

	private static final Path ROOT = Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
		.filter((folder) -> Files.isDirectory(folder.resolve(".mvn")))
		.findFirst()
		.orElseThrow();

	private static final String PAGE = read(ROOT.resolve("docs/troubleshooting.md"));

	private static final String LITERAL = "\"((?:[^\"\\\\\n]|\\\\.)*)\"";

	private static final Pattern TEXT = Pattern
		.compile("\"\"\"\\n(.*?)\"\"\"|" + LITERAL + "(?:\\s*\\+\\s*" + LITERAL + ")*", Pattern.DOTALL);

	/** Words of a message, and not a name, a number or a place for a value. */
	private static final Pattern WORD = Pattern.compile("\\(?([A-Za-z]?[a-z-]+)([,;.:)]*)");

	/** What follows comes from elsewhere. */
	private static final Pattern QUOTE = Pattern.compile("(The driver says|Flyway says|Fix):.*");

	private static final int LENGTH = 3;

	private static final Set<String> TEXTS = readTexts();

	private static final Set<List<String>> PHRASES = TEXTS.stream()
		.flatMap(TroubleshootingPageTests::findRuns)
		.flatMap(TroubleshootingPageTests::findPhrases)
		.collect(Collectors.toSet());

	@Test
	void theApplicationReportsTheLines() {
		List<String> lines = find("(?ms)^ *```log\\n(.*?)^ *```$", PAGE).flatMap(String::lines).toList();
		assertThat(lines).hasSizeGreaterThan(100).allMatch(TroubleshootingPageTests::isReported);
	}

	@Test
	void aLineThatNobodyReportsIsFound() {
		assertThat(isReported("Database 'orders' is DOWN: the connection was not possible, the server said nothing"))
			.isFalse();
		assertThat(isReported("Database 'orders' went down because of the network")).isFalse();
	}

	@Test
	void theMetersExist() {
		Set<String> meters = find("`([a-z.]+)`", read(ROOT.resolve("docs/meters.md")))
			.map((name) -> name.replace('.', '_'))
			.collect(Collectors.toSet());
		assertThat(find("((?:appdbs|hikaricp)_[a-z_]+)", PAGE)).hasSizeGreaterThan(30)
			.allMatch((name) -> meters.contains(name.replaceAll("(_seconds)?(_count|_total)?$", "")));
	}

	@Test
	void theOperationsExist() {
		Set<String> operations = find("\"operation\": \"([a-z-]+)\"", read(ROOT.resolve("docs/endpoint.md")))
			.collect(Collectors.toSet());
		assertThat(find("\"operation\":\\s*\"([a-z-]+)\"", PAGE)).isNotEmpty().allMatch(operations::contains);
	}

	@Test
	void theDetailsOfHealthExist() {
		assertThat(find("`(\\{.*?}|\"\\w+\":.*?)`", PAGE).filter((json) -> !json.contains("operation"))
			.flatMap((json) -> find("\"(\\w+)\":", json))
			.distinct()
			.filter((key) -> !key.matches("status|details"))).isNotEmpty()
			.allMatch((key) -> TEXTS.contains(key) || readSources()
				.anyMatch((source) -> source.contains(" " + key + ",") || source.contains(" " + key + ")")));
	}

	@Test
	void everySectionHasWhatAnOperatorLooksFor() {
		List<String> incomplete = Stream.of(PAGE.split("(?m)^### "))
			.skip(1)
			.filter((section) -> !section.contains("**Action**") || !section.contains("**Symptom**")
					&& !section.contains("**Cause**") && !section.contains("**cause**"))
			.map((section) -> section.lines().findFirst().orElseThrow())
			.toList();
		assertThat(incomplete).isEmpty();
	}

	/**
	 * Returns whether the words are parts of phrases in the code.
	 */
	private static boolean isReported(String line) {
		return findRuns(QUOTE.matcher(line).replaceAll("$1")).filter((run) -> run.size() > LENGTH).allMatch((run) -> {
			BitSet known = new BitSet();
			IntStream.rangeClosed(0, run.size() - LENGTH)
				.filter((i) -> PHRASES.contains(run.subList(i, i + LENGTH)))
				.forEach((i) -> known.set(i, i + LENGTH));
			// a value can be one word or two
			return known.cardinality() >= Math.max(run.size() - 2, LENGTH);
		});
	}

	private static Stream<List<String>> findPhrases(List<String> run) {
		return IntStream.rangeClosed(0, run.size() - LENGTH).mapToObj((i) -> run.subList(i, i + LENGTH));
	}

	/**
	 * Returns the words between values and punctuation marks.
	 */
	private static Stream<List<String>> findRuns(String text) {
		List<List<String>> runs = new ArrayList<>(List.of(new ArrayList<>()));
		for (String word : text.split("\\s+")) {
			Matcher matcher = WORD.matcher(word);
			boolean matches = matcher.matches();
			if (matches) {
				runs.get(runs.size() - 1).add(matcher.group(1));
			}
			if (!matches || !matcher.group(2).isEmpty()) {
				runs.add(new ArrayList<>());
			}
		}
		return runs.stream();
	}

	private static Set<String> readTexts() {
		return readSources().flatMap((source) -> TEXT.matcher(source).results().map(MatchResult::group))
			.map((text) -> text.replaceAll("\"\\s*\\+\\s*\"", "")
				.replaceAll("^\"+\\n?|\"+$", "")
				.replace("\\n", " ")
				.replaceAll("(?<=\\w)%s", " %s"))
			.collect(Collectors.toSet());
	}

	private static Stream<String> readSources() {
		try (Stream<Path> files = Files.walk(ROOT.resolve("autoconfigure/src/main/java"))) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.map(TroubleshootingPageTests::read)
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> find(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map((match) -> match.group(1));
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
