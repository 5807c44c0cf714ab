package io.appdbs.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.StringUtils;

/**
 * The changelogs under {@code db/changelog}, where each database has a folder with its
 * name by default.
 *
 * @param resourceLoader finds the files
 */
public record ChangelogFiles(ResourceLoader resourceLoader) {

	/**
	 * The folder that contains one folder of changelogs per database.
	 */
	public static final String ROOT = "db/changelog";

	/**
	 * The name of the changelog that is executed, without its extension.
	 */
	public static final String MASTER = "db.changelog-master";

	private static final List<String> EXTENSIONS = List.of("yaml", "yml", "xml", "json", "sql");

	/**
	 * Creates new {@link ChangelogFiles}.
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 */
	public ChangelogFiles(@Nullable ClassLoader classLoader) {
		this(new DefaultResourceLoader(classLoader));
	}

	/**
	 * Returns the changelogs at the default location of a database, of which there should
	 * be one.
	 * @param database the name of the database
	 * @return the paths on the class path
	 */
	public List<String> find(String database) {
		return findIn(ROOT + "/" + database);
	}

	/**
	 * Returns the changelogs that Boot's Liquibase would execute.
	 * @return the paths on the class path
	 */
	public List<String> findShared() {
		return findIn(ROOT);
	}

	/**
	 * Returns the folders that contain a changelog.
	 * @return the names of the folders directly under {@code db/changelog}
	 */
	public Set<String> findFolders() {
		try {
			Set<String> folders = new TreeSet<>();
			for (Resource resource : new PathMatchingResourcePatternResolver(this.resourceLoader)
				.getResources("classpath*:" + ROOT + "/*/" + MASTER + ".*")) {
				String[] path = StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8).split("/");
				folders.add(path[path.length - 2]);
			}
			return folders;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to search for changelogs in '%s'".formatted(ROOT), ex);
		}
	}

	private List<String> findIn(String folder) {
		return EXTENSIONS.stream()
			.map((extension) -> folder + "/" + MASTER + "." + extension)
			.filter((path) -> this.resourceLoader.getResource("classpath:/" + path).exists())
			.toList();
	}

	/**
	 * Returns whether a changelog exists. Locations that are neither on the class path
	 * nor files are left to Liquibase.
	 * @param location the location as configured
	 * @return whether it exists or need not be checked
	 */
	public boolean exists(String location) {
		boolean checked = location.startsWith("classpath:") || location.startsWith("file:")
				|| location.indexOf(':') < 0;
		return !checked || this.resourceLoader.getResource(location).exists();
	}

	/**
	 * Returns the location of the changelog of a database.
	 * @param database the name of the database
	 * @param configured the configured location or {@code null}
	 * @return the location, for Liquibase
	 */
	String locate(String database, @Nullable String configured) {
		if (configured != null) {
			return configured;
		}
		return "classpath:/"
				+ find(database).stream().findFirst().orElse(ROOT + "/" + database + "/" + MASTER + ".yaml");
	}

}
