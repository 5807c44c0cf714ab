package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.ThrowingConsumer;

/**
 * The directory {@code appdbs-embedded-<user>} below the directory for temporary files.
 * It contains the programs of servers, which all applications of the user share, and a
 * directory per running server, which the JVM of its application has locked.
 *
 * @param directory the directory of the workspace
 */
record Workspace(Path directory) {

	private static final Log logger = LogFactory.getLog(Workspace.class);

	private static final String BINARIES = "binaries";

	private static final String LOCK = "lock";

	private static final Duration KEPT = Duration.ofDays(1);

	// in containers each JVM is process 1, so the identifier alone is not unique
	private static final String JVM = ProcessHandle.current().pid() + "-"
			+ ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH).toEpochMilli() + "-";

	/**
	 * Opens the directory of the current user.
	 * @throws IOException if it cannot be created or belongs to another user
	 */
	static Workspace open() throws IOException {
		Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
		String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
		Path directory = temporary.resolve("appdbs-embedded-" + user);
		try {
			Files.createDirectory(directory, ownerOnly(temporary));
		}
		catch (FileAlreadyExistsException ex) {
			checkOwner(directory);
		}
		return new Workspace(directory);
	}

	static FileAttribute<?>[] ownerOnly(Path path) {
		return path.getFileSystem().supportedFileAttributeViews().contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) }
				: new FileAttribute<?>[0];
	}

	// the programs in the directory are executed
	private static void checkOwner(Path directory) throws IOException {
		Path own = Files.createTempFile("appdbs", null);
		try {
			if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
					|| !Files.getOwner(own).equals(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS))) {
				throw new IOException(directory + " belongs to another user: remove it or set java.io.tmpdir");
			}
		}
		finally {
			Files.delete(own);
		}
	}

	/**
	 * Returns the directory with the programs of embedded servers.
	 */
	Path getBinaries() {
		return this.directory.resolve(BINARIES);
	}

	/**
	 * Returns the directory with the programs of a server, which is created once for all
	 * applications.
	 * @param name the name of the directory, different for each version
	 * @param installation unpacks the programs and prepares data that each start would
	 * otherwise create again
	 */
	Path install(String name, ThrowingConsumer<Path> installation) throws Exception {
		Path home = Files.createDirectories(getBinaries()).resolve(name);
		if (!Files.exists(home)) {
			try (LockFile lock = LockFile.lock(getBinaries().resolve(name + ".lock"))) {
				if (!Files.exists(home)) {
					// a killed application never leaves an incomplete server
					Path part = getBinaries().resolve(name + ".part");
					delete(part);
					installation.acceptWithException(Files.createDirectory(part));
					Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
				}
			}
		}
		keep(home);
		return home;
	}

	// cleaners of temporary files delete single files that were not used for some days
	private static void keep(Path home) throws IOException {
		Instant now = Instant.now();
		if (Files.getLastModifiedTime(home).toInstant().isBefore(now.minus(KEPT))) {
			try (Stream<Path> files = Files.walk(home)) {
				for (Path file : files.filter((file) -> !Files.isSymbolicLink(file)).toList()) {
					Files.setLastModifiedTime(file, FileTime.from(now));
				}
			}
		}
	}

	/**
	 * Creates a directory for a server and locks it.
	 * @return the directory and the lock, whose file is in the directory
	 */
	LockedFolder createFolder() throws IOException {
		while (true) {
			Path folder = this.directory.resolve(JVM + UUID.randomUUID());
			Files.createDirectory(folder);
			LockFile lock = LockFile.tryLock(folder.resolve(LOCK));
			// another application may have deleted the directory before it was locked
			if (lock != null && Files.exists(folder.resolve(LOCK))) {
				return new LockedFolder(folder, lock);
			}
			if (lock != null) {
				lock.close();
			}
		}
	}

	/**
	 * Stops the servers and deletes the directories that applications have left behind.
	 */
	void sweep() throws IOException {
		try (DirectoryStream<Path> folders = Files.newDirectoryStream(this.directory, Files::isDirectory)) {
			for (Path folder : folders) {
				String name = folder.getFileName().toString();
				if (!name.equals(BINARIES) && !name.startsWith(JVM)) {
					sweep(folder);
				}
			}
		}
	}

	private void sweep(Path folder) {
		try (LockFile lock = LockFile.tryLock(folder.resolve(LOCK))) {
			if (lock != null) {
				if (ServerProcesses.of(getBinaries(), folder.resolve(ServerFolder.DATA)).stop()) {
					logger.info("Stopped an embedded server that a killed application left behind in " + folder);
				}
				delete(folder);
			}
		}
		catch (IOException ex) {
			logger.debug("Could not remove " + folder + ", which an application left behind", ex);
		}
	}

	/**
	 * Deletes a directory whose last processes may still be ending.
	 */
	static void delete(Path folder) throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				FileSystemUtils.deleteRecursively(folder);
				return;
			}
			catch (IOException ex) {
				if (attempt == 100) {
					throw ex;
				}
				pause();
			}
		}
	}

	private static void pause() {
		try {
			Thread.sleep(50);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The locked directory of a running server.
	 */
	record LockedFolder(Path path, LockFile lock) {

	}

}
