package io.appdbs.replica;

import org.jspecify.annotations.Nullable;

/**
 * Who writes to a database when no user is known: the thread, and the threads that
 * Micrometer's context propagation takes it along to.
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
