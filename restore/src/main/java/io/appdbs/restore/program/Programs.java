package io.appdbs.restore.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Finds the programs of database servers: in one folder, or in {@code PATH} and where
 * packages of Linux distributions install them.
 *
 * @param folder the only folder to search or {@code null}
 */
public record Programs(@Nullable Path folder) {

	private static final String WINDOWS = ".exe";

	private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

	private static final Path RED_HAT = Path.of("/usr");

	/**
	 * Returns the oldest program that is at least as new as a version, because a newer
	 * one may send settings that an older server does not know.
	 * @param name the name, for example {@code pg_restore}
	 * @param minimum the first number of the version
	 * @param packages how to install the program, the end of a sentence
	 * @return the program
	 * @throws RestoreFailure if there is no such program
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Path findPostgres(String name, int minimum, String packages) throws RestoreFailure, InterruptedException {
		return findAll(name, minimum).stream()
			.min(Comparator.comparingInt(Found::major))
			.orElseThrow(
					() -> missing(name + ((minimum > 0) ? " of PostgreSQL " + minimum + " or later" : ""), packages))
			.path();
	}

	/**
	 * Returns the newest program.
	 * @param name the name, for example {@code pg_restore}
	 * @param packages how to install the program, the end of a sentence
	 * @return the program
	 * @throws RestoreFailure if there is no such program
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Path findNewestPostgres(String name, String packages) throws RestoreFailure, InterruptedException {
		return findAll(name, 0).stream()
			.max(Comparator.comparingInt(Found::major))
			.orElseThrow(() -> missing(name, packages))
			.path();
	}

	/**
	 * Returns the server of exactly one major version.
	 * @param major the first number of the version
	 * @return the program
	 * @throws RestoreFailure if there is no such program
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Path findPostgresServer(int major) throws RestoreFailure, InterruptedException {
		return findAll("postgres", major).stream()
			.filter((found) -> found.major() == major)
			.findFirst()
			.orElseThrow(() -> missing("postgres of PostgreSQL " + major,
					"Debian's package postgresql-" + major + " or Red Hat's postgresql" + major + "-server"))
			.path();
	}

	/**
	 * Returns the first of some programs that exists.
	 * @param packages how to install the program, the end of a sentence
	 * @param names the names, the preferred one first
	 * @return the program
	 * @throws RestoreFailure if there is none
	 */
	public Path findFirst(String packages, String... names) throws RestoreFailure {
		return Stream.of(names)
			.flatMap((name) -> candidates(name).stream())
			.findFirst()
			.orElseThrow(() -> missing(String.join(" or ", names), packages));
	}

	private RestoreFailure missing(String what, String packages) {
		String where = (this.folder != null) ? "in " + this.folder
				: "in PATH or where packages install programs, such as /usr/lib/postgresql/*/bin";
		return new RestoreFailure("There is no " + what + " " + where + ". Install " + packages
				+ ", or name the folder with programs(…).");
	}

	private List<Found> findAll(String name, int minimum) throws RestoreFailure, InterruptedException {
		List<Found> all = new ArrayList<>();
		for (Path path : candidates(name)) {
			String version = new ProgramRun(List.of(path.toString(), "--version")).withoutEnvironment("PG").run();
			int major = ServerVersion.parse(ServerVersion.POSTGRESQL, version).major();
			if (major >= minimum) {
				all.add(new Found(path, major));
			}
		}
		return all;
	}

	private Set<Path> candidates(String name) {
		Set<Path> candidates = new LinkedHashSet<>();
		if (this.folder != null) {
			candidates.add(this.folder.resolve(name));
			candidates.add(this.folder.resolve(name + WINDOWS));
		}
		else {
			Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
				.filter((folder) -> !folder.isBlank())
				.forEach(
						(folder) -> candidates.addAll(List.of(Path.of(folder, name), Path.of(folder, name + WINDOWS))));
			list(DEBIAN, "[0-9]*").forEach((folder) -> candidates.add(folder.resolve("bin").resolve(name)));
			list(RED_HAT, "pgsql-*").forEach((folder) -> candidates.add(folder.resolve("bin").resolve(name)));
			candidates.add(Path.of("/usr/sbin", name));
		}
		candidates.removeIf((path) -> !Files.isExecutable(path) || Files.isDirectory(path));
		return candidates;
	}

	private static List<Path> list(Path parent, String pattern) {
		List<Path> folders = new ArrayList<>();
		try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent, pattern)) {
			stream.forEach(folders::add);
		}
		catch (IOException ex) {
			// programs are not installed there
		}
		return folders;
	}

	private record Found(Path path, int major) {
	}

}
