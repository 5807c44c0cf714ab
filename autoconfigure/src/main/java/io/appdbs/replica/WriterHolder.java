package io.appdbs.replica;

import org.jspecify.annotations.Nullable;

/**
 * Holds who writes to a database when no user is known: the thread, and the threads to
 * which Micrometer's context propagation passes it.
 */
final class WriterHolder {

	private static final ThreadLocal<Object> current = new ThreadLocal<>();

	private WriterHolder() {
	}

	static Object get() {
		Object writer = current.get();
		if (writer == null) {
			writer = new Object();
			current.set(writer);
		}
		return writer;
	}

	static @Nullable Object getIfKnown() {
		return current.get();
	}

	static void set(@Nullable Object writer) {
		if (writer != null) {
			current.set(writer);
		}
		else {
			current.remove();
		}
	}

}
