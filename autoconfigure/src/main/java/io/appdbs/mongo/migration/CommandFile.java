package io.appdbs.mongo.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * A file at a location of migrations.
 *
 * @param resource the file
 * @param url the decoded URL of the file
 * @param location the path of the location
 */
record CommandFile(Resource resource, String url, String location) {

	private static final String EXTENSION = "json";

	/** What the tools for migrations execute. Other files may be notes. */
	private static final Set<String> SCRIPTS = Set.of(EXTENSION, "js", "sql");

	/**
	 * Returns whether the file is a migration or seems to be meant as one. A class may be
	 * that of a bean.
	 */
	boolean isCandidate() {
		String extension = extension();
		return !this.url.endsWith("/") && (SCRIPTS.contains(extension.toLowerCase(Locale.ROOT))
				|| (MigrationName.parse(baseName()) != null && !extension.equals("class")));
	}

	/**
	 * Returns version and description or {@code null} if the name is malformed.
	 */
	@Nullable MigrationName name() {
		return extension().equals(EXTENSION) ? MigrationName.parse(baseName()) : null;
	}

	/**
	 * Returns the nearest valid name of the file.
	 */
	String suggest() {
		String base = baseName();
		return ((MigrationName.parse(base) != null) ? base : MigrationName.suggest(base)) + "." + EXTENSION;
	}

	/**
	 * Returns the path below the location.
	 */
	String script() {
		int begin = this.url.lastIndexOf(this.location + "/");
		return (begin >= 0) ? this.url.substring(begin + this.location.length() + 1) : fileName();
	}

	/**
	 * Returns the path including the location, for messages.
	 */
	String path() {
		return this.location + "/" + script();
	}

	/**
	 * Reads the file, whose name is valid.
	 */
	CommandMigration toMigration() {
		try {
			String text = this.resource.getContentAsString(StandardCharsets.UTF_8);
			return new CommandMigration(Objects.requireNonNull(name()), script(), path(), this.url,
					text.startsWith("\uFEFF") ? text.substring(1) : text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to read migration '%s'".formatted(path()), ex);
		}
	}

	private String fileName() {
		return this.url.substring(this.url.lastIndexOf('/') + 1);
	}

	private String baseName() {
		return StringUtils.stripFilenameExtension(fileName());
	}

	private String extension() {
		String extension = StringUtils.getFilenameExtension(fileName());
		return (extension != null) ? extension : "";
	}

}
