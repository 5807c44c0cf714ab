package io.appdbs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.PartitionSettings;
import org.junit.jupiter.api.Test;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links, keys, classes and loggers that the documentation names exist.
 */
class DocumentationTests {

	private static final Pattern FENCE = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");

	private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

	private static final Pattern KEY = Pattern
		.compile("(?<![\\w./-])(?:app\\.dbs|spring\\.|management\\.)[\\w.<>\\[\\]-]*(?!/)");

	/** Key of a database without the prefix. */
	private static final Pattern SHORT_KEY = Pattern.compile(
			"^(?:pool|hikari|flyway|liquibase|sql-init|health|rls|retry|credentials|replica-reads|startup)\\.[\\w.-]+(?=$|[:= ])");

	private static final Set<String> OTHER_KEYS = Set.of(
			// examples of errors
			"app.dbs-default", "app.dbs-default.rls.enabled", "app.dbss", "spring.dbs", "spring.app.dbs",
			"app.dbs.ordres.required",
			// Flyway's own spelling
			"app.dbs.x.flyway.user", "app.dbs.x.flyway.postgresql.transactional-lock",
			"app.dbs.orders.flyway.postgresql.transactional-lock",
			// system properties of Liquibase
			"app.dbs.x.liquibase.changelogLockPollRate", "app.dbs.x.liquibase.changelogLockWaitTimeInMinutes",
			// names for SanitizingFunction beans
			"app.dbs.<name>.hosts",
			// dynamic-datasource, from which applications migrate
			"spring.datasource.dynamic", "spring.datasource.dynamic.datasource.<name>",
			"spring.datasource.dynamic.primary",
			// modules of Boot that are not on the class path
			"spring.testcontainers.beans.startup", "spring.reactor.context-propagation", "spring.liquibase.user",
			"spring.batch.jdbc.initialize-schema", "spring.quartz.jdbc.initialize-schema",
			"spring.quartz.job-store-type", "spring.quartz.properties.org.quartz.jobStore.driverDelegateClass",
			"spring.session.jdbc.initialize-schema", "spring.aot.enabled",
			"spring.aot.jpa.repositories.use-entitymanager");

	private static final Set<String> OTHER_NAMES = Set.of(
			// classes of Testcontainers, which is not on the class path
			"CockroachContainer", "JdbcDatabaseContainer", "MariaDBContainer", "MongoDBAtlasLocalContainer",
			"MongoDBContainer", "MySQLContainer", "PostgreSQLContainer", "YugabyteDBYSQLContainer",
			// a class of Boot's module for tests of JPA, which is not on the class path
			"TestEntityManager",
			// classes of MyBatis and dynamic-datasource, which are not on the class path
			"SqlSessionFactory", "DynamicDataSourceContextHolder",
			// parameters, labels and values
			"ApplicationName", "NaN", "TransientTransactionError", "UnknownTransactionCommitResult");

	private static final Path TROUBLESHOOTING = Path.of("docs/troubleshooting.md");

	private static final Path ROOT = Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
		.filter((folder) -> Files.isDirectory(folder.resolve(".mvn")))
		.findFirst()
		.orElseThrow();

	private static final Map<Path, String> PAGES = Stream.of("", "docs", "docs/decisions", "benchmarks")
		.flatMap((folder) -> Stream.of(ROOT.resolve(folder).toFile().listFiles()))
		.filter((file) -> file.getName().endsWith(".md"))
		.collect(Collectors.toMap((file) -> ROOT.relativize(file.toPath()), (file) -> read(file.toPath())));

	@Test
	void linksLeadToFilesAndHeadings() {
		assertThat(findUnknown((text) -> find("\\]\\(((?!https?:)[^)\\s]+)\\)", withoutCode(text)),
				DocumentationTests::leadsToFileAndHeading))
			.isEmpty();
	}

	@Test
	void keysAreKnown() {
		Map<String, Boolean> known = readKnownKeys();
		assertThat(findUnknown(DocumentationTests::findKeys,
				(page, key) -> isHistory(page) || OTHER_KEYS.contains(key) || isKnown(key, known)))
			.isEmpty();
	}

	@Test
	void qualifiedNamesAreThoseOfClassesPackagesAndLoggers() {
		Set<String> declared = new TreeSet<>(Set.of("io.appdbs"));
		findSources().forEach((source) -> {
			String name = source.toString()
				.replace(File.separatorChar, '.')
				.replaceAll(".*\\.java\\.(.*)\\.java", "$1");
			declared.addAll(List.of(name, name.substring(0, name.lastIndexOf('.'))));
			find("\"(io\\.appdbs(?:\\.[\\w-]+)*)", read(source)).forEach(declared::add);
		});
		assertThat(findUnknown((text) -> find("(io\\.appdbs(?:\\.[\\w-]+)*)", text),
				(page, name) -> isHistory(page) || declared.contains(name)))
			.isEmpty();
	}

	@Test
	void simpleNamesAreThoseOfClasses() {
		Set<String> classes = readClasses();
		find("alert: (\\w+)", read(ROOT.resolve("docs/alerts.yml"))).forEach(classes::add);
		assertThat(findUnknown(
				(text) -> findSpans(text).flatMap((span) -> find("^([A-Z][a-z]+[A-Z]\\w*)(?=$|[.(<])", span)),
				(page, name) -> isHistory(page) || OTHER_NAMES.contains(name) || classes.contains(name)))
			.isEmpty();
	}

	@Test
	void wordsAreThoseThatCheckstyleAllowsInCode() {
		String rule = find("value=\"(\\(\\?i\\)[^\"]+)\"", read(ROOT.resolve("src/checkstyle/checkstyle.xml")))
			.findFirst()
			.orElseThrow();
		assertThat(findUnknown((text) -> find("(" + rule + ")", text), (page, word) -> false)).isEmpty();
	}

	@Test
	void methodsThatAnEngineOverridesExist() {
		Set<String> methods = Stream.of(ReflectionUtils.getAllDeclaredMethods(JdbcEngine.class))
			.map(Method::getName)
			.collect(Collectors.toSet());
		assertThat(find("(?m)^\\| (`.*?\\)`) \\|", PAGES.get(Path.of("docs/engines.md")))
			.flatMap((cell) -> find("`(\\w+)\\(", cell))).hasSizeGreaterThan(30).isSubsetOf(methods);
	}

	@Test
	void failuresLeadToSectionsOnTroubleshooting() {
		assertThat(find("(?m)^### (.+)$", PAGES.get(TROUBLESHOOTING)))
			.contains(Stream.of(TroubleshootingSection.values())
				.map(TroubleshootingSection::getHeading)
				.toArray(String[]::new));
		assertThat(find("<url>(https://github.com/[^<]+)</url>", read(ROOT.resolve("bom/pom.xml")))).isNotEmpty()
			.allMatch((address) -> address.startsWith(TroubleshootingSection.PROJECT));
	}

	/** Pages that also name what has been removed. */
	private static boolean isHistory(Path page) {
		return page.endsWith("CHANGELOG.md") || page.endsWith("docs/upgrading.md");
	}

	private static Map<Path, Set<String>> findUnknown(Function<String, Stream<String>> find,
			BiPredicate<Path, String> known) {
		Map<Path, Set<String>> unknown = new TreeMap<>();
		PAGES.forEach((page, text) -> find.apply(text)
			.filter((name) -> !known.test(page, name))
			.forEach((name) -> unknown.computeIfAbsent(page, (key) -> new TreeSet<>()).add(name)));
		return unknown;
	}

	private static Stream<String> find(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map((match) -> match.group(1));
	}

	private static Stream<String> findSpans(String text) {
		return find(SPAN.pattern(), FENCE.matcher(text).replaceAll(""));
	}

	private static String withoutCode(String text) {
		return SPAN.matcher(FENCE.matcher(text).replaceAll("")).replaceAll("");
	}

	private static boolean leadsToFileAndHeading(Path page, String link) {
		String[] parts = link.split("#", 2);
		Path file = ROOT.resolve(page);
		Path target = parts[0].isEmpty() ? file : file.getParent().resolve(parts[0]).normalize();
		return Files.exists(target)
				&& (parts.length == 1 || find("(?m)^#+ +(.+)$", FENCE.matcher(read(target)).replaceAll(""))
					.map((heading) -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
					.anyMatch(parts[1]::equals));
	}

	private static Stream<String> findKeys(String text) {
		Stream<String> full = findSpans(text).flatMap((span) -> KEY.matcher(span).results().map(MatchResult::group));
		Stream<String> brief = findSpans(text).flatMap((span) -> SHORT_KEY.matcher(span).results())
			.map((match) -> "app.dbs.x." + match.group());
		Stream<String> yaml = FENCE.matcher(text)
			.results()
			.filter((match) -> match.group(1).equals("yaml"))
			.flatMap((match) -> readYaml(match.group(2).stripIndent()))
			.filter((key) -> KEY.matcher(key).lookingAt());
		return Stream.of(full, brief, yaml).flatMap(Function.identity()).map((key) -> key.replaceAll("\\.$", ""));
	}

	private static Stream<String> readYaml(String yaml) {
		try {
			return new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(yaml.getBytes("UTF-8")))
				.stream()
				.flatMap((source) -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isKnown(String key, Map<String, Boolean> known) {
		String name = canonical(key.replaceAll("^app\\.dbs\\.[^.]+", "app.dbs-defaults")
			.replaceAll("\\[[^]]*]", "")
			.replace(".replicas.", "."));
		return known.entrySet()
			.stream()
			.anyMatch((entry) -> entry.getKey().equals(name) || entry.getKey().startsWith(name + ".")
					|| entry.getValue() && name.startsWith(entry.getKey() + "."));
	}

	private static String canonical(String key) {
		return key.toLowerCase(Locale.ROOT).replace("-", "");
	}

	/** Keys and whether there are others below them. */
	@SuppressWarnings("unchecked")
	private static Map<String, Boolean> readKnownKeys() {
		Map<String, Boolean> known = new TreeMap<>();
		Stream.of("url", "packages", "primary", "replicas")
			.forEach((key) -> known.put("app.dbsdefaults." + key, false));
		Stream.of(PartitionSettings.class.getRecordComponents())
			.forEach((key) -> known.put("app.dbsdefaults.partitions." + key.getName(), false));
		try {
			for (URL file : Collections.list(DocumentationTests.class.getClassLoader()
				.getResources("META-INF/spring-configuration-metadata.json"))) {
				Map<String, Object> metadata = JsonParserFactory.getJsonParser()
					.parseMap(new String(file.openStream().readAllBytes(), "UTF-8"));
				for (Map<String, Object> property : (List<Map<String, Object>>) metadata.get("properties")) {
					String name = (String) property.get("name");
					known.put(canonical(name),
							String.valueOf(property.get("type")).matches("java\\.util\\.(Map|List).*")
									&& !name.matches("app\\.dbs(-defaults\\.(hikari|flyway))?"));
				}
				for (Map<String, Object> hint : (List<Map<String, Object>>) metadata.getOrDefault("hints", List.of())) {
					String map = String.valueOf(hint.get("name")).replaceAll("keys$", "");
					((List<Map<String, Object>>) hint.getOrDefault("values", List.of()))
						.forEach((value) -> known.putIfAbsent(canonical(map + value.get("value")), true));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return known;
	}

	/** Classes of this project, of the pages, of the class path and of Java. */
	private static Set<String> readClasses() {
		Set<String> classes = new TreeSet<>();
		Stream.concat(findSources().map(DocumentationTests::read), PAGES.values().stream())
			.flatMap((text) -> find("(?:class|interface|enum|record) ([A-Z]\\w*)", text))
			.forEach(classes::add);
		try {
			for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
				if (entry.endsWith(".jar")) {
					try (ZipFile jar = new ZipFile(entry)) {
						jar.stream().flatMap((file) -> find("(\\w+)\\.class$", file.getName())).forEach(classes::add);
					}
				}
			}
			try (Stream<Path> java = Files.walk(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules"))) {
				java.flatMap((file) -> find("(\\w+)\\.class$", file.toString())).forEach(classes::add);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return classes;
	}

	private static Stream<Path> findSources() {
		try {
			return Files.walk(ROOT)
				.filter((path) -> path.toString()
					.replace(File.separatorChar, '/')
					.matches(".*/src/(main|test)/java/.*\\.java"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
