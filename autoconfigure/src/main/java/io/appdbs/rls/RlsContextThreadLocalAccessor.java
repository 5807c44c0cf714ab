package io.appdbs.rls;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Takes the context along to other threads, as Micrometer's context propagation does.
 */
public final class RlsContextThreadLocalAccessor implements ThreadLocalAccessor<RlsContext> {

	/** The key of the context. */
	public static final String KEY = RlsContext.class.getName();

	@Override
	public Object key() {
		return KEY;
	}

	@Override
	public @Nullable RlsContext getValue() {
		return RlsContextHolder.getContext();
	}

	@Override
	public void setValue(RlsContext value) {
		RlsContextHolder.set(value);
	}

	@Override
	public void setValue() {
		RlsContextHolder.set(null);
	}

}
