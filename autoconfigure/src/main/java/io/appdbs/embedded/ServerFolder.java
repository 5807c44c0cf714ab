package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.function.ThrowingConsumer;

/**
 * The directory with the files of one server: a temporary one, or a {@code data-dir} that
 * is kept. It is created when it is {@linkplain #open() opened}.
 */
final class ServerFolder implements AutoCloseable {

	static final String DATA = "data";

	private final String engine;

	private final @Nullable Path dataDir;

	private @Nullable Workspace workspace;

	private @Nullable Path data;

	private @Nullable LockFile lock;

	ServerFolder(String engine, @Nullable Path dataDir) {
		this.engine = engine;
		this.dataDir = dataDir;
	}

	/**
	 * Returns whether the data is kept after the server has stopped.
	 */
	boolean isKept() {
		return this.dataDir != null;
	}

	/**
	 * Locks the directory, and stops servers that killed applications have left behind
	 * there and in other directories.
	 * @return the data directory; empty if the server is new
	 * @throws IOException if the directory cannot be created or is in use
	 */
	Path open() throws IOException {
		this.workspace = Workspace.open();
		this.workspace.sweep();
		if (this.dataDir != null) {
			return openKept(this.dataDir);
		}
		Workspace.LockedFolder folder = this.workspace.createFolder();
		this.lock = folder.lock();
		this.data = Files.createDirectory(folder.path().resolve(DATA), Workspace.ownerOnly(folder.path()));
		return this.data;
	}

	private Path openKept(Path dataDir) throws IOException {
		Path parent = Files.createDirectories(dataDir).toRealPath();
		LockFile lock = LockFile.tryLock(parent.resolve(this.engine + ".lock"));
		if (lock == null) {
			throw new IOException("the directory is in use by another running application");
		}
		this.lock = lock;
		Path data = parent.resolve(this.engine);
		this.data = data;
		getProcesses().stop();
		Files.deleteIfExists(getLog());
		if (Files.exists(getUnfinished())) {
			// an application was killed while it copied the template
			Workspace.delete(data);
		}
		// PostgreSQL requires a directory that only its owner can read
		return Files.isDirectory(data) ? data : Files.createDirectory(data, Workspace.ownerOnly(parent));
	}

	private Path getUnfinished() {
		return getSibling(".unfinished");
	}

	/**
	 * Returns the log file of the server.
	 */
	Path getLog() {
		return getSibling(".log");
	}

	private Path getSibling(String suffix) {
		return getData().resolveSibling(this.engine + suffix);
	}

	/**
	 * Returns the programs of the server.
	 * @param name the name of the directory, different for each version
	 * @param installation fills the directory if it does not exist
	 */
	Path install(String name, ThrowingConsumer<Path> installation) throws Exception {
		return getWorkspace().install(name, installation);
	}

	/**
	 * Copies the prepared data directory for a new server.
	 * @param template the prepared data directory
	 */
	void initialize(Path template) throws IOException {
		Path data = getData();
		try (Stream<Path> files = Files.list(data)) {
			if (files.findAny().isPresent()) {
				return;
			}
		}
		if (isKept()) {
			Files.write(getUnfinished(), new byte[0]);
		}
		FileSystemUtils.copyRecursively(template, data);
		if (isKept()) {
			Files.delete(getUnfinished());
		}
	}

	private Workspace getWorkspace() {
		return Objects.requireNonNull(this.workspace, "Not open");
	}

	ServerProcesses getProcesses() throws IOException {
		return ServerProcesses.of(getWorkspace().getBinaries(), getData());
	}

	private Path getData() {
		return Objects.requireNonNull(this.data, "Not open");
	}

	/**
	 * Stops processes that are still running in the directory, deletes it unless it is
	 * kept, and releases the lock.
	 */
	@Override
	public void close() throws IOException {
		try (LockFile lock = this.lock) {
			if (lock != null && this.data != null) {
				getProcesses().stop();
				if (!isKept()) {
					Workspace.delete(this.data.resolveSibling(""));
				}
			}
		}
		finally {
			this.lock = null;
		}
	}

}
