package io.appdbs;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import io.appdbs.engine.JdbcEngine;
import org.junit.jupiter.api.Test;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links, keys, classes and loggers that the documentation names exist.
 */
class DocumentationTests {

	private static final Pattern FENCE = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");

	private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

	private static final Pattern OWN_NAME = Pattern.compile("io\\.appdbs(?:\\.[\\w-]+)*");

	private static final Pattern KEY = Pattern.compile("(?:app\\.dbs|spring\\.|management\\.)[\\w.<>\\[\\]-]*");

	private static final Pattern CLASS_NAME = Pattern.compile("^([A-Z][a-z]+[A-Z]\\w*)(?=$|[.(<])");

	/** Keys that a page shows because they are wrong. */
	private static final Set<String> WRONG_KEYS = Set.of("app.dbs-default", "app.dbs-default.rls.enabled", "app.dbss",
			"app.dbs.ordres.required");

	/** Not keys of the configuration but names that SanitizingFunction beans get. */
	private static final Set<String> SANITIZED = Set.of("app.dbs.<name>.hosts");

	/** Keys of Boot's modules that are not on the class path of this test. */
	private static final Set<String> FOREIGN_KEYS = Set.of("spring.testcontainers.beans.startup",
			"spring.reactor.context-propagation", "spring.liquibase.user", "spring.aot.enabled",
			"spring.aot.jpa.repositories.use-entitymanager");

	/** Flyway's own spelling of a key whose spelling in Boot is part of the metadata. */
	private static final Set<String> FLYWAY_KEYS = Set.of("app.dbs.<name>.flyway.user");

	/**
	 * Classes of examples and of libraries that are not on the class path of this test.
	 */
	private static final Set<String> FOREIGN_CLASSES = Set.of("CockroachContainer", "JdbcDatabaseContainer",
			"MariaDBContainer", "MongoDBAtlasLocalContainer", "MongoDBContainer", "MySQLContainer",
			"PostgreSQLContainer", "YugabyteDBYSQLContainer");

	/** What is written like the name of a class: parameters, labels and values. */
	private static final Set<String> NO_CLASSES = Set.of("ApplicationName", "NaN", "TransientTransactionError",
			"UnknownTransactionCommitResult");

	private static final Path ROOT = findRoot();

	private static final Map<Path, String> PAGES = readPages();

	/** The changelog also names what has been removed. */
	private static final Map<Path, String> CURRENT_PAGES = withoutChangelog();

	private static final Map<String, String> BOOT_KEYS = readMetadata();

	private static final Map<String, String> DATABASE_KEYS = readDatabaseKeys();

	private static final Map<String, Set<String>> MAP_KEYS = readMapKeys();

	@Test
	void linksLeadToFilesAndHeadings() {
		Map<Path, Set<String>> broken = new TreeMap<>();
		PAGES.forEach((page, text) -> LINK.matcher(withoutCode(text))
			.results()
			.map((match) -> match.group(1))
			.filter((link) -> !link.matches("(https?|mailto):.*") && !leadsSomewhere(page, link))
			.forEach((link) -> add(broken, page, link)));
		assertThat(broken).isEmpty();
	}

	@Test
	void keysAreKnown() {
		Map<Path, Set<String>> unknown = new TreeMap<>();
		CURRENT_PAGES.forEach((page, text) -> readKeys(text).stream()
			.filter((key) -> !WRONG_KEYS.contains(key) && !SANITIZED.contains(key) && !FOREIGN_KEYS.contains(key)
					&& !FLYWAY_KEYS.contains(key))
			.filter(Predicate.not(DocumentationTests::isKnownKey))
			.forEach((key) -> add(unknown, page, key)));
		assertThat(unknown).isEmpty();
	}

	@Test
	void qualifiedNamesAreThoseOfClassesPackagesAndLoggers() throws IOException {
		Set<String> declared = readDeclaredNames();
		Map<Path, Set<String>> unknown = new TreeMap<>();
		CURRENT_PAGES.forEach((page, text) -> OWN_NAME.matcher(text)
			.results()
			.map((match) -> match.group())
			.filter((name) -> !declared.contains(name))
			.forEach((name) -> add(unknown, page, name)));
		assertThat(unknown).isEmpty();
	}

	@Test
	void simpleClassNamesAreThoseOfClasses() throws IOException {
		Set<String> names = readSimpleNames();
		Map<Path, Set<String>> unknown = new TreeMap<>();
		CURRENT_PAGES.forEach((page, text) -> spans(text)
			.flatMap((span) -> CLASS_NAME.matcher(span).results().map((match) -> match.group(1)))
			.filter((name) -> !names.contains(name) && !FOREIGN_CLASSES.contains(name) && !NO_CLASSES.contains(name))
			.forEach((name) -> add(unknown, page, name)));
		assertThat(unknown).isEmpty();
	}

	@Test
	void methodsThatAnEngineOverridesExist() {
		Set<String> methods = Stream.of(ReflectionUtils.getAllDeclaredMethods(JdbcEngine.class))
			.map(Method::getName)
			.collect(Collectors.toSet());
		Set<String> documented = PAGES.get(Path.of("docs/engines.md"))
			.lines()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.substring(0, line.indexOf('|', 1)))
			.flatMap(DocumentationTests::spans)
			.filter((span) -> span.endsWith(")"))
			.map((span) -> span.substring(0, span.indexOf('(')))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(documented).hasSizeGreaterThan(30).isSubsetOf(methods);
	}

	private static void add(Map<Path, Set<String>> found, Path page, String name) {
		found.computeIfAbsent(page, (key) -> new TreeSet<>()).add(name);
	}

	private static Path findRoot() {
		Path root = Path.of("").toAbsolutePath();
		while (!Files.isDirectory(root.resolve(".mvn"))) {
			root = root.getParent();
		}
		return root;
	}

	private static Map<Path, String> readPages() {
		Map<Path, String> pages = new LinkedHashMap<>();
		for (String folder : List.of("", "docs", "docs/decisions", "benchmarks")) {
			File[] files = ROOT.resolve(folder).toFile().listFiles((file) -> file.getName().endsWith(".md"));
			for (File file : files) {
				pages.put(ROOT.relativize(file.toPath()), read(file.toPath()));
			}
		}
		return pages;
	}

	private static Map<Path, String> withoutChangelog() {
		Map<Path, String> pages = new LinkedHashMap<>(PAGES);
		pages.remove(Path.of("CHANGELOG.md"));
		return pages;
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String withoutCode(String text) {
		return SPAN.matcher(FENCE.matcher(text).replaceAll("")).replaceAll("");
	}

	private static Stream<String> spans(String text) {
		return SPAN.matcher(FENCE.matcher(text).replaceAll("")).results().map((match) -> match.group(1));
	}

	private static boolean leadsSomewhere(Path page, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? ROOT.resolve(page)
				: ROOT.resolve(page).getParent().resolve(parts[0]).normalize();
		if (!Files.exists(target)) {
			return false;
		}
		return parts.length == 1 || readAnchors(read(target)).contains(parts[1]);
	}

	/** The names that GitHub gives to headings. */
	private static Set<String> readAnchors(String text) {
		Map<String, Integer> counts = new HashMap<>();
		return HEADING.matcher(FENCE.matcher(text).replaceAll("")).results().map((match) -> {
			String anchor = match.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
			int count = counts.merge(anchor, 1, Integer::sum);
			return (count == 1) ? anchor : anchor + "-" + (count - 1);
		}).collect(Collectors.toSet());
	}

	private static Set<String> readKeys(String text) {
		Set<String> keys = new TreeSet<>();
		spans(text).forEach((span) -> {
			KEY.matcher(span).results().filter((match) -> isStart(span, match.start())).forEach((match) -> {
				boolean file = span.startsWith("/", match.end()) || match.group().endsWith(".");
				if (!file) {
					keys.add(match.group());
				}
			});
			String key = span.split("[:= ]", 2)[0];
			if (DATABASE_KEYS.containsKey(canonical(key.replaceAll("\\..*", "")) + ".")
					&& key.matches("[a-z-]+(\\.[\\w-]+)+")) {
				keys.add("app.dbs.<name>." + key);
			}
		});
		FENCE.matcher(text)
			.results()
			.filter((match) -> match.group(1).equals("yaml"))
			.forEach((match) -> keys.addAll(readYaml(match.group(2).stripIndent())));
		return keys;
	}

	private static boolean isStart(String span, int index) {
		return index == 0
				|| !Character.isLetterOrDigit(span.charAt(index - 1)) && "./-_".indexOf(span.charAt(index - 1)) < 0;
	}

	private static List<String> readYaml(String yaml) {
		try {
			List<String> keys = new ArrayList<>();
			for (PropertySource<?> source : new YamlPropertySourceLoader().load("yaml",
					new ByteArrayResource(yaml.getBytes("UTF-8")))) {
				Collections.addAll(keys, ((EnumerablePropertySource<?>) source).getPropertyNames());
			}
			if (keys.stream().anyMatch((key) -> key.startsWith("services."))) {
				return List.of();
			}
			return keys.stream().map((key) -> KEY.matcher(key).lookingAt() ? key : "app.dbs.<name>." + key).toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(yaml, ex);
		}
	}

	private static boolean isKnownKey(String key) {
		if (key.startsWith("app.dbs-defaults")) {
			return isDatabaseKey(key.substring("app.dbs-defaults".length()));
		}
		if (key.matches("app\\.dbs(\\..*)?")) {
			String[] parts = key.split("\\.", 4);
			return isDatabaseKey((parts.length == 4) ? "." + parts[3] : "");
		}
		return isBootKey(key);
	}

	private static boolean isBootKey(String key) {
		String name = canonical(key);
		return BOOT_KEYS.containsKey(name) || BOOT_KEYS.keySet().stream().anyMatch((known) -> known.startsWith(name))
				|| BOOT_KEYS.entrySet()
					.stream()
					.anyMatch((known) -> known.getValue().startsWith("java.util.Map")
							&& name.startsWith(known.getKey() + "."));
	}

	/**
	 * Returns whether a database has the key.
	 * @param key the key behind the name of the database, with a leading dot, or empty
	 * @return {@code false} if the application would not start with it
	 */
	private static boolean isDatabaseKey(String key) {
		if (key.isEmpty()) {
			return true;
		}
		String name = canonical(key.substring(1)).replaceAll("\\[[^]]*]", "");
		if (name.startsWith("replicas.")) {
			return name.matches("replicas\\.(url|username|password)|replicas\\.pool\\..*")
					&& (!name.startsWith("replicas.pool.") || isDatabaseKey(name.substring("replicas".length())));
		}
		if (name.startsWith("rls.settings.")) {
			return name.matches("rls\\.settings\\.(name|type|required|expression)");
		}
		String group = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
		if (MAP_KEYS.containsKey(group) && name.contains(".")) {
			String rest = name.substring(group.length() + 1).replace(".", "");
			return MAP_KEYS.get(group)
				.stream()
				.anyMatch((known) -> known.equals(rest)
						|| known.matches(".*(properties|placeholders)") && rest.startsWith(known));
		}
		return DATABASE_KEYS.containsKey(name) || DATABASE_KEYS.containsKey(name + ".")
				|| name.startsWith("rls.witnesses");
	}

	private static String canonical(String key) {
		return key.toLowerCase(Locale.ROOT).replace("-", "");
	}

	private static Map<String, String> readMetadata() {
		Map<String, String> keys = new TreeMap<>();
		for (Map<String, Object> file : readMetadataFiles()) {
			for (Map<String, Object> property : list(file, "properties")) {
				keys.put(canonical((String) property.get("name")), String.valueOf(property.get("type")));
			}
		}
		return keys;
	}

	/** Keys and, with a dot at the end, their groups. */
	private static Map<String, String> readDatabaseKeys() {
		Map<String, String> keys = new TreeMap<>(Map.of("url", "", "primary", "", "replicas", ""));
		String prefix = canonical("app.dbs-defaults.");
		BOOT_KEYS.forEach((name, type) -> {
			if (name.startsWith(prefix)) {
				String key = name.substring(prefix.length());
				keys.put(key, type);
				for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
					keys.put(key.substring(0, dot + 1), "");
				}
			}
		});
		keys.put("hikari.", "");
		keys.put("flyway.", "");
		return keys;
	}

	private static Map<String, Set<String>> readMapKeys() {
		Map<String, Set<String>> keys = new HashMap<>();
		for (Map<String, Object> file : readMetadataFiles()) {
			for (Map<String, Object> hint : list(file, "hints")) {
				String name = (String) hint.get("name");
				if (name.matches("app\\.dbs-defaults\\.(hikari|flyway)\\.keys")) {
					keys.put(name.split("\\.")[2],
							list(hint, "values").stream()
								.map((value) -> canonical((String) value.get("value")).replace(".", ""))
								.collect(Collectors.toSet()));
				}
			}
		}
		return keys;
	}

	private static List<Map<String, Object>> readMetadataFiles() {
		try {
			List<Map<String, Object>> files = new ArrayList<>();
			for (URL url : Collections.list(DocumentationTests.class.getClassLoader()
				.getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream input = url.openStream()) {
					files.add(JsonParserFactory.getJsonParser().parseMap(new String(input.readAllBytes(), "UTF-8")));
				}
			}
			return files;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> map, String name) {
		return (List<Map<String, Object>>) map.getOrDefault(name, List.of());
	}

	/**
	 * Classes and packages of all modules, and what their code writes in quotes: loggers,
	 * labels.
	 */
	private static Set<String> readDeclaredNames() throws IOException {
		Set<String> names = new TreeSet<>(Set.of("io.appdbs"));
		Pattern literal = Pattern.compile("\"(io\\.appdbs(?:\\.[\\w-]+)*)");
		for (Path source : findSources()) {
			String path = source.toString().replace(File.separatorChar, '.');
			String name = path.substring(path.indexOf(".java.") + ".java.".length(), path.length() - ".java".length());
			names.add(name);
			names.add(name.substring(0, name.lastIndexOf('.')));
			literal.matcher(read(source)).results().forEach((match) -> names.add(match.group(1)));
		}
		return names;
	}

	private static List<Path> findSources() throws IOException {
		try (Stream<Path> paths = Files.walk(ROOT)) {
			return paths.filter((path) -> path.toString().endsWith(".java"))
				.filter((
						path) -> path.toString().replace(File.separatorChar, '/').matches(".*/src/(main|test)/java/.*"))
				.toList();
		}
	}

	/**
	 * Classes of this project, of the class path and of Java, and those that the pages
	 * define.
	 */
	private static Set<String> readSimpleNames() throws IOException {
		Set<String> names = new TreeSet<>();
		for (Path source : findSources()) {
			addTypes(names, read(source));
		}
		PAGES.values()
			.forEach((page) -> FENCE.matcher(page).results().forEach((match) -> addTypes(names, match.group(2))));
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (entry.endsWith(".jar")) {
				try (ZipFile jar = new ZipFile(entry)) {
					jar.stream().forEach((file) -> addClass(names, file.getName()));
				}
			}
		}
		try (Stream<Path> modules = Files.walk(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules"))) {
			modules.forEach((path) -> addClass(names, path.toString()));
		}
		return names;
	}

	private static void addTypes(Set<String> names, String code) {
		Pattern.compile("(?:class|interface|enum|record) ([A-Z]\\w*)")
			.matcher(code)
			.results()
			.forEach((match) -> names.add(match.group(1)));
	}

	private static void addClass(Set<String> names, String file) {
		if (file.endsWith(".class")) {
			Collections.addAll(names,
					file.substring(file.lastIndexOf('/') + 1, file.length() - ".class".length()).split("\\$"));
		}
	}

}
