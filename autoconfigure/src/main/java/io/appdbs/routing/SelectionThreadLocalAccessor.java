package io.appdbs.routing;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Takes the selection along to other threads, as Micrometer's context propagation does.
 */
public final class SelectionThreadLocalAccessor implements ThreadLocalAccessor<String> {

	/** The key of the selection. */
	public static final String KEY = ScopedSelection.class.getName();

	@Override
	public Object key() {
		return KEY;
	}

	@Override
	public @Nullable String getValue() {
		return ScopedSelection.getDatabase();
	}

	@Override
	public void setValue(String value) {
		ScopedSelection.set(value);
	}

	@Override
	public void setValue() {
		ScopedSelection.set(null);
	}

}
