package io.appdbs.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.stream.Stream;

import io.appdbs.restore.program.RestoreFailure;

/**
 * The restored files of a server.
 *
 * @param path the folder
 */
record DataFolder(Path path) {

	private static final String ROOT = "root";

	/**
	 * Makes sure that a server on the folder uses nothing outside of it, and that its
	 * files belong to the current user.
	 * @throws RestoreFailure if a server would use other files, such as tablespaces of
	 * the original server
	 */
	void adopt() throws IOException, RestoreFailure {
		try (Stream<Path> files = Files.walk(this.path)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				rejectOutside(file);
			}
		}
		Path map = this.path.resolve("tablespace_map");
		if (Files.exists(map)) {
			for (String line : Files.readAllLines(map)) {
				rejectOutside(map, Path.of(line.substring(line.indexOf(' ') + 1)));
			}
		}
		if (isRoot()) {
			takeOwnership();
		}
	}

	private void rejectOutside(Path file) throws IOException, RestoreFailure {
		if (Files.isSymbolicLink(file)) {
			Path target = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
			rejectOutside(file, target);
			if (Files.exists(target)) {
				rejectOutside(file, target.toRealPath());
			}
		}
		else if (file.toString().endsWith(".isl")) {
			rejectOutside(file, Path.of(Files.readString(file).trim()));
		}
	}

	private void rejectOutside(Path file, Path target) throws RestoreFailure {
		if (!target.toAbsolutePath().normalize().startsWith(this.path.resolveSibling(""))) {
			throw new RestoreFailure(
					"'" + this.path.relativize(file) + "' of the backup leads to files outside of the scratch folder: "
							+ target + ". Restore tablespaces below " + FolderSource.DATA
							+ ", for example with --tablespace-map-all of pgBackRest.");
		}
	}

	static boolean isRoot() {
		return ROOT.equals(System.getProperty("user.name"));
	}

	// backup tools that run as root restore the owners
	private void takeOwnership() throws IOException {
		UserPrincipal owner = Files.getOwner(this.path.resolveSibling(""));
		try (Stream<Path> files = Files.walk(this.path)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner) && !Files.isSymbolicLink(file)) {
					Files.setOwner(file, owner);
				}
			}
		}
	}

	/**
	 * Reads the value of a line {@code name = value}.
	 */
	Optional<String> readValue(String fileName, String name) throws IOException {
		Path file = this.path.resolve(fileName);
		if (!Files.exists(file)) {
			return Optional.empty();
		}
		try (Stream<String> lines = Files.lines(file)) {
			return lines.filter((line) -> line.matches("\\s*" + name + "\\s*=.*"))
				.map((line) -> line.substring(line.indexOf('=') + 1).trim())
				.findFirst();
		}
	}

}
