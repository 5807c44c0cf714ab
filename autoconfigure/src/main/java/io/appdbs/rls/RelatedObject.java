package io.appdbs.rls;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import java.sql.Wrapper;

import org.jspecify.annotations.Nullable;

/**
 * A result set or metadata, from which the way back leads to the proxy that it came from.
 */
final class RelatedObject extends JdbcProxy {

	private final Object delegate;

	private final Object origin;

	RelatedObject(Object delegate, Object origin) {
		this.delegate = delegate;
		this.origin = origin;
	}

	@Override
	Wrapper getDelegate() {
		return (Wrapper) this.delegate;
	}

	@Override
	@Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		Class<?> type = method.getReturnType();
		if (type == Statement.class || type == Connection.class) {
			return this.origin;
		}
		return invoke(method, this.delegate, args);
	}

}
