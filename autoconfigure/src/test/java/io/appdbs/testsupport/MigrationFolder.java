package io.appdbs.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of the class path with migrations in it. Not among the test resources, where
 * other tests' databases and Boot's Flyway would find them.
 */
public final class MigrationFolder {

	private final Path folder;

	public MigrationFolder(Path folder) {
		this.folder = folder;
	}

	public MigrationFolder write(String file, String sql) {
		return writeTo("db/migration", file, sql);
	}

	/**
	 * Writes the changelog of a database.
	 * @param database the name of the database
	 * @param changeSets the change sets as YAML, with an indentation of 2
	 */
	public MigrationFolder changelog(String database, String... changeSets) {
		return writeTo("db/changelog/" + database, "db.changelog-master.yaml",
				"databaseChangeLog:\n" + String.join("\n", changeSets));
	}

	/**
	 * Returns a change set.
	 * @param id the identifier
	 * @param sql its statements
	 */
	public static String changeSet(String id, String sql) {
		return "  - changeSet: { id: '%s', author: team, changes: [ { sql: { sql: \"%s\" } } ] }".formatted(id, sql);
	}

	public MigrationFolder writeTo(String parent, String file, String text) {
		try {
			Path path = this.folder.resolve(parent).resolve(file);
			Files.createDirectories(path.getParent());
			Files.writeString(path, text);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public ClassLoader classLoader() {
		return classLoader(getClass().getClassLoader());
	}

	public ClassLoader classLoader(ClassLoader parent) {
		try {
			return new URLClassLoader(new URL[] { this.folder.toUri().toURL() }, parent);
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
