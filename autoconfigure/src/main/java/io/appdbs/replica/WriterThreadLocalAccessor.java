package io.appdbs.replica;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets code that continues in another thread read its own writes, with Micrometer's
 * context propagation.
 */
public final class WriterThreadLocalAccessor implements ThreadLocalAccessor<Object> {

	/** The key of the writer. */
	public static final String KEY = "io.appdbs.jdbc.writer";

	@Override
	public Object key() {
		return KEY;
	}

	@Override
	public @Nullable Object getValue() {
		return WriterHolder.getIfKnown();
	}

	@Override
	public void setValue(Object value) {
		WriterHolder.set(value);
	}

	@Override
	public void setValue() {
		WriterHolder.set(null);
	}

}
