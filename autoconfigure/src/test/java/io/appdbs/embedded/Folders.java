package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a JVM has below the folder for temporary files.
 */
final class Folders {

	private Folders() {
	}

	static List<Path> of(long pid) throws IOException {
		Path base = Path.of(System.getProperty("java.io.tmpdir"), "appdbs-embedded-" + System.getProperty("user.name"));
		if (!Files.exists(base)) {
			return List.of();
		}
		try (Stream<Path> folders = Files.list(base)) {
			return folders.filter((folder) -> folder.getFileName().toString().startsWith(pid + "-")).toList();
		}
	}

	static List<Path> ofThisJvm() throws IOException {
		return of(ProcessHandle.current().pid());
	}

}
