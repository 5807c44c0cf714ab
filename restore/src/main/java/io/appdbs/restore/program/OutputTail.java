package io.appdbs.restore.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Reads the output of a program until its end, on a separate thread, and keeps a limited
 * part of it.
 */
final class OutputTail {

	private static final int LIMIT = 16 * 1024;

	private final byte[] kept = new byte[LIMIT];

	private final boolean first;

	private final Thread thread;

	private int length;

	private OutputTail(InputStream stream, boolean first, String name) {
		this.first = first;
		this.thread = new Thread(() -> read(stream), name);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Keeps the first 16 KiB.
	 */
	static OutputTail keepFirst(InputStream stream, String name) {
		return new OutputTail(stream, true, name);
	}

	/**
	 * Keeps the last 16 KiB.
	 */
	static OutputTail keepLast(InputStream stream, String name) {
		return new OutputTail(stream, false, name);
	}

	private void read(InputStream stream) {
		byte[] buffer = new byte[LIMIT / 2];
		try (stream) {
			for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
				keep(buffer, count);
			}
		}
		catch (IOException ex) {
			// the program was stopped
		}
	}

	private synchronized void keep(byte[] buffer, int count) {
		int overflow = this.length + count - LIMIT;
		if (overflow <= 0 || this.first) {
			int copied = Math.min(count, LIMIT - this.length);
			System.arraycopy(buffer, 0, this.kept, this.length, copied);
			this.length += copied;
			return;
		}
		System.arraycopy(this.kept, overflow, this.kept, 0, this.length - overflow);
		System.arraycopy(buffer, 0, this.kept, LIMIT - count, count);
		this.length = LIMIT;
	}

	/**
	 * Returns what was kept. A child of the program may keep the stream open, so this
	 * waits at most two seconds for the end.
	 */
	String get() throws InterruptedException {
		this.thread.join(TimeUnit.SECONDS.toMillis(2));
		synchronized (this) {
			return new String(this.kept, 0, this.length, StandardCharsets.UTF_8);
		}
	}

}
