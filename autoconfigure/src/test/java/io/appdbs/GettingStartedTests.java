package io.appdbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Gradle build in the documentation is the same as the Maven build, which
 * {@code starter/src/it/getting-started} executes. A released version is not installed
 * first.
 */
class GettingStartedTests {

	private static final Map<String, String> CONFIGURATIONS = Map.of("compile", "implementation", "runtime",
			"runtimeOnly", "test", "testImplementation");

	/** Only Gradle needs it, because Maven's Surefire brings it. */
	private static final String LAUNCHER = "testRuntimeOnly org.junit.platform:junit-platform-launcher";

	private static String page;

	private static String pom;

	private static String gradle;

	@BeforeAll
	static void readPage() throws IOException {
		Path root = Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
			.filter((folder) -> Files.isDirectory(folder.resolve(".mvn")))
			.findFirst()
			.orElseThrow();
		page = Files.readString(root.resolve("docs/getting-started.md"));
		pom = readBlock("pom.xml");
		gradle = readBlock("build.gradle.kts");
	}

	@Test
	void dependenciesOfGradleAreThoseOfMaven() {
		Set<String> ofMaven = find(pom.substring(pom.indexOf("</dependencyManagement>")),
				"(?s)<dependency>\\s*<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>\\s*(?:<scope>(.*?)</scope>)?\\s*</dependency>")
			.map((dependency) -> CONFIGURATIONS.get((dependency.group(3) != null) ? dependency.group(3) : "compile")
					+ " " + dependency.group(1) + ":" + dependency.group(2))
			.collect(Collectors.toSet());
		Set<String> ofGradle = find(gradle, "(?m)^\\t(\\w+)\\(\"(.*?)\"\\)$")
			.map((dependency) -> dependency.group(1) + " " + dependency.group(2))
			.collect(Collectors.toSet());
		assertThat(ofMaven).hasSizeGreaterThan(5);
		assertThat(ofGradle).contains(LAUNCHER);
		assertThat(ofGradle.stream().filter((dependency) -> !dependency.equals(LAUNCHER)))
			.containsExactlyInAnyOrderElementsOf(ofMaven);
	}

	@Test
	void versionsOfGradleAreThoseOfMaven() {
		assertThat(first(gradle, "id\\(\"org.springframework.boot\"\\) version \"(.*)\""))
			.isEqualTo(first(pom, "(?s)<parent>.*<version>(.*?)</version>.*</parent>"));
		assertThat(first(gradle, "platform\\(\"(.*)\"\\)")).isEqualTo(
				String.join(":", all(pom.replaceAll("(?s).*<dependencyManagement>(.*)</dependencyManagement>.*", "$1"),
						"<(?:groupId|artifactId|version)>(.*?)<")));
		assertThat(first(gradle, "options.release = (.*)")).isEqualTo(first(pom, "<java.version>(.*)</java.version>"));
	}

	@Test
	void projectOfGradleIsThatOfMaven() {
		String name = first(readBlock("settings.gradle.kts"), "rootProject.name = \"(.*)\"");
		assertThat(List.of(first(gradle, "group = \"(.*)\""), name, first(gradle, "\nversion = \"(.*)\"")))
			.isEqualTo(all(first(pom, "(?s)</parent>(.*?)<properties>"), ">([^<\\s]+)</"));
	}

	@Test
	void snapshotsAloneAreInstalledFirst() {
		boolean snapshot = first(gradle, "appdbs-bom:(.*)\"").endsWith("-SNAPSHOT");
		assertThat(page.contains("Only for snapshots")).isEqualTo(snapshot);
		assertThat(page.contains("./mvnw install")).isEqualTo(snapshot);
		assertThat(gradle.contains("mavenLocal()")).isEqualTo(snapshot);
	}

	private static String readBlock(String name) {
		return first(page, "(?ms)^`" + Pattern.quote(name) + "`:\n+```\\w+\n(.*?)^```$");
	}

	private static String first(String text, String pattern) {
		return all(text, pattern).get(0);
	}

	private static List<String> all(String text, String pattern) {
		return find(text, pattern).map((match) -> match.group(1)).toList();
	}

	private static Stream<MatchResult> find(String text, String pattern) {
		return Pattern.compile(pattern).matcher(text).results();
	}

}
