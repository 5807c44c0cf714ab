package io.appdbs.mongo.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.migration.MigrationFiles;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.StringUtils;

/**
 * The locations of files with commands. Works without the driver.
 *
 * @param classLoader the class loader of the application or {@code null} for the default
 * one
 */
public record CommandLocations(@Nullable ClassLoader classLoader) {

	private static final String CLASSPATH = "classpath:";

	private static final String FILESYSTEM = "filesystem:";

	/**
	 * Returns the locations of a database.
	 * @param database the database
	 * @return the locations as configured, or the default one
	 */
	public static List<String> of(DatabaseDefinition database) {
		List<String> configured = database.settings().mongo().migrations().locations();
		return configured.isEmpty() ? List.of(CLASSPATH + MigrationFiles.ROOT + "/" + database.name()) : configured;
	}

	/**
	 * Returns whether a location is on the class path or in the file system.
	 * @param location the location as configured
	 * @return whether files can be found there
	 */
	public static boolean isSupported(String location) {
		return location.startsWith(CLASSPATH) || location.startsWith(FILESYSTEM) || !location.contains(":");
	}

	/**
	 * Returns whether a location contains a migration.
	 * @param location the location as configured
	 * @return whether there is a file, whatever its name
	 */
	public boolean isPresent(String location) {
		return !find(location).isEmpty();
	}

	/**
	 * Returns the files at a location and in its subfolders.
	 * @param location the location as configured
	 * @return the files that are migrations, or whose name is similar to that of one
	 */
	List<CommandFile> find(String location) {
		String path = trim(location);
		String root = location.startsWith(FILESYSTEM) ? "file:" + path : "classpath*:" + path;
		try {
			return Stream.of(new PathMatchingResourcePatternResolver(this.classLoader).getResources(root + "/**/*.*"))
				.map((resource) -> new CommandFile(resource, url(resource), path))
				.filter(CommandFile::isCandidate)
				.sorted(Comparator.comparing(CommandFile::url))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to search for migrations in '%s'".formatted(location), ex);
		}
	}

	private static String trim(String location) {
		boolean files = location.startsWith(FILESYSTEM);
		String path = location.replaceFirst("^(%s|%s)".formatted(CLASSPATH, FILESYSTEM), "").replace('\\', '/');
		return StringUtils.trimTrailingCharacter(files ? path : StringUtils.trimLeadingCharacter(path, '/'), '/');
	}

	private static String url(Resource resource) {
		try {
			return StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to locate migration '%s'".formatted(resource.getFilename()), ex);
		}
	}

}
