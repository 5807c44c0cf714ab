package io.appdbs.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.StringUtils;

/**
 * The files under {@code db/migration}, where each database has a folder with its name by
 * default.
 *
 * @param paths the paths under {@code db/migration}, for example
 * {@code orders/V1__create.sql}
 */
public record MigrationFiles(List<String> paths) {

	/**
	 * The folder that contains one folder of migrations per database.
	 */
	public static final String ROOT = "db/migration";

	/** Files that Flyway executes, but not notes or classes that a migration uses. */
	private static final Pattern SCRIPT = Pattern.compile("(.*/)?([^/]+\\.sql|[VR][0-9_.]*__[^/$]+\\.class)",
			Pattern.CASE_INSENSITIVE);

	/**
	 * Finds the files in all parts of the class path.
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return the files
	 */
	public static MigrationFiles find(@Nullable ClassLoader classLoader) {
		PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver(classLoader);
		try {
			return new MigrationFiles(Stream.of(resolver.getResources("classpath*:" + ROOT + "/**/*.*"))
				.map(MigrationFiles::path)
				// a folder whose name contains a dot
				.filter((path) -> !path.endsWith("/"))
				.distinct()
				.sorted()
				.toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to search for migrations in '%s'".formatted(ROOT), ex);
		}
	}

	private static String path(Resource resource) {
		try {
			String url = StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8);
			return url.substring(url.lastIndexOf(ROOT + "/") + ROOT.length() + 1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to locate migration '%s'".formatted(resource.getFilename()), ex);
		}
	}

	public boolean hasAnyOf(String database) {
		return this.paths.stream().anyMatch((path) -> path.startsWith(database + "/"));
	}

	public boolean hasScriptsOf(String database) {
		return scripts().containsKey(database);
	}

	/**
	 * Returns the paths of the scripts by the folder directly under {@code db/migration},
	 * which is empty for those in {@code db/migration} itself.
	 */
	public Map<String, List<String>> scripts() {
		return byFolder(SCRIPT);
	}

	/**
	 * Returns the paths of some files by the folder directly under {@code db/migration},
	 * which is empty for those in {@code db/migration} itself.
	 * @param included matches the paths of the files
	 * @return the paths by folder
	 */
	public Map<String, List<String>> byFolder(Pattern included) {
		return this.paths.stream()
			.filter((path) -> included.matcher(path).matches())
			.collect(Collectors.groupingBy((path) -> path.substring(0, Math.max(path.indexOf('/'), 0)), TreeMap::new,
					Collectors.toList()));
	}

}
