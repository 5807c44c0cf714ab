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
 * A file lock that this JVM holds until it is closed or the JVM ends.
 *
 * @param path the file
 * @param channel the open channel, which holds the lock
 */
record LockFile(Path path, FileChannel channel) implements AutoCloseable {

	// closing any channel of a file releases all POSIX locks of the process on it, so a
	// locked file must not be opened a second time
	private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

	/**
	 * Acquires the lock if it is free.
	 * @param path the file, created if it does not exist
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
	 * Acquires the lock, and waits until it is free.
	 * @param path the file, created if it does not exist
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
