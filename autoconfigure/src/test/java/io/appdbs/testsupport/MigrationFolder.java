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
		try {
			Path path = this.folder.resolve("db/migration").resolve(file);
			Files.createDirectories(path.getParent());
			Files.writeString(path, sql);
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
