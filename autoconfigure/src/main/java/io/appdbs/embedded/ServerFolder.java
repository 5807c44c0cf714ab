package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Where the files of one server are: a temporary folder, or a {@code data-dir} that is
 * kept. Nothing is created before it is {@linkplain #open() opened}.
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
	 * Return whether the data outlives the server.
	 */
	boolean isKept() {
		return this.dataDir != null;
	}

	/**
	 * Take the folder, and stop servers that killed applications left behind, in it and
	 * elsewhere.
	 * @return the directory for the data; empty if the server is new
	 * @throws IOException if the folder cannot be created or is in use
	 */
	Path open() throws IOException {
		this.workspace = Workspace.open();
		Files.createDirectories(getBinaries());
		this.workspace.sweep();
		if (this.dataDir != null) {
			return openKept(this.dataDir);
		}
		Workspace.LockedFolder folder = this.workspace.createFolder();
		this.lock = folder.lock();
		this.data = Files.createDirectory(folder.path().resolve(DATA));
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
		new ServerProcesses(getBinaries(), data).stop();
		if (Files.exists(getUnfinished())) {
			Workspace.delete(data);
		}
		Files.createDirectories(data);
		try (Stream<Path> files = Files.list(data)) {
			if (files.findAny().isEmpty() && !Files.exists(getUnfinished())) {
				Files.createFile(getUnfinished());
			}
		}
		return data;
	}

	/**
	 * Note that the server has initialized its data. Data of a server that did not get
	 * that far is not used again.
	 */
	void finish() throws IOException {
		if (isKept() && this.data != null) {
			Files.deleteIfExists(getUnfinished());
		}
	}

	private Path getUnfinished() {
		return getSibling(".unfinished");
	}

	/**
	 * Return the file that the server's output goes to.
	 */
	Path getLog() {
		return getSibling(".log");
	}

	private Path getSibling(String suffix) {
		return getData().resolveSibling(this.engine + suffix);
	}

	/**
	 * Return the folder below which all programs of the server are.
	 */
	Path getBinaries() {
		if (this.workspace == null) {
			throw new IllegalStateException("Not open");
		}
		return this.workspace.getBinaries();
	}

	ServerProcesses getProcesses() {
		return new ServerProcesses(getBinaries(), getData());
	}

	private Path getData() {
		if (this.data == null) {
			throw new IllegalStateException("Not open");
		}
		return this.data;
	}

	/**
	 * Stop what is still running in the folder, delete it unless it is kept, and give it
	 * up.
	 */
	@Override
	public void close() throws IOException {
		try (LockFile lock = this.lock) {
			if (lock != null && this.data != null) {
				getProcesses().stop();
				if (!isKept()) {
					Workspace.delete(this.data.getParent());
				}
			}
		}
		finally {
			this.lock = null;
		}
	}

}
