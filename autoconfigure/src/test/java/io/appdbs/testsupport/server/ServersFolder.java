package io.appdbs.testsupport.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.function.ThrowingConsumer;

/**
 * The folder into which {@code .ci/servers} unpacks servers, and the data directories
 * that new servers copy, which are created once.
 *
 * @param path the folder
 */
record ServersFolder(Path path) {

	// as in .ci/servers
	private static final String SYSTEM = "system-1";

	static ServersFolder get() {
		return new ServersFolder(variable("APPDBS_SERVERS").map(Path::of)
			.orElseGet(() -> variable("XDG_CACHE_HOME").map(Path::of)
				.orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
				.resolve("appdbs/servers")));
	}

	private static Optional<String> variable(String name) {
		return Optional.ofNullable(System.getenv(name)).filter(StringUtils::hasText);
	}

	/**
	 * Returns whether the servers have been unpacked completely.
	 */
	boolean isComplete() {
		return Files.isReadable(getSystem().resolve("versions"));
	}

	/**
	 * Returns the root of the unpacked packages.
	 */
	Path getSystem() {
		return this.path.resolve(SYSTEM);
	}

	/**
	 * Returns a data directory that is copied for each server.
	 * @param name the name, different for each version
	 * @param creation creates the data directory if it does not exist
	 */
	synchronized Path getTemplate(String name, ThrowingConsumer<Path> creation) throws IOException {
		Path templates = Files.createDirectories(this.path.resolve("templates"));
		Path template = templates.resolve(SYSTEM + "-" + name);
		if (!Files.exists(template)) {
			try (FileChannel channel = FileChannel.open(templates.resolve(name + ".lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				if (!Files.exists(template)) {
					// a killed test never leaves an incomplete template
					Path part = templates.resolve(name + ".part");
					FileSystemUtils.deleteRecursively(part);
					creation.accept(part);
					Files.move(part, template, StandardCopyOption.ATOMIC_MOVE);
				}
			}
		}
		return template;
	}

}
