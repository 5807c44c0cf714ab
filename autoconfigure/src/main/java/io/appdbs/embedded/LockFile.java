package io.appdbs.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * A file that this JVM holds exclusively until it closes it or dies.
 */
final class LockFile implements AutoCloseable {

	// Closing any channel of a file drops all POSIX locks that the process has on it:
	// a file that is held here must not even be opened a second time.
	private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

	private final Path path;

	private final FileChannel channel;

	private LockFile(Path path, FileChannel channel) {
		this.path = path;
		this.channel = channel;
	}

	/**
	 * Take the lock if nobody has it.
	 * @param path the file, which is created if it is missing
	 * @return the lock or {@code null} if this or another JVM has it
	 */
	static @Nullable LockFile tryLock(Path path) throws IOException {
		if (!HELD.add(path)) {
			return null;
		}
		FileChannel channel = null;
		boolean locked = false;
		try {
			channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			FileLock lock = channel.tryLock();
			locked = lock != null;
			return locked ? new LockFile(path, channel) : null;
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
		finally {
			if (!locked) {
				release(path, channel);
			}
		}
	}

	/**
	 * Take the lock, and wait for it as long as somebody else has it.
	 * @param path the file, which is created if it is missing
	 * @return the lock
	 */
	static LockFile lock(Path path) throws IOException, InterruptedException {
		LockFile lock = tryLock(path);
		while (lock == null) {
			Thread.sleep(50);
			lock = tryLock(path);
		}
		return lock;
	}

	@Override
	public void close() throws IOException {
		release(this.path, this.channel);
	}

	private static void release(Path path, @Nullable FileChannel channel) throws IOException {
		try {
			if (channel != null) {
				channel.close();
			}
		}
		finally {
			HELD.remove(path);
		}
	}

}
