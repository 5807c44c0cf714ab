package io.appdbs.replica;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets code that goes on in another thread read what it has written before, as
 * Micrometer's context propagation takes it along.
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
