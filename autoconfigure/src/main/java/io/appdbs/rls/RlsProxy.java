package io.appdbs.rls;

import java.lang.reflect.Method;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.Arrays;

import io.appdbs.jdbc.proxy.JdbcProxy;
import org.jspecify.annotations.Nullable;

/**
 * Base class of the proxies whose statements run under the current user's context. What
 * is inside is unwrapped with the context applied.
 */
abstract class RlsProxy extends JdbcProxy {

	private final RlsSession session;

	RlsProxy(RlsSession session) {
		this.session = session;
	}

	final RlsSession getSession() {
		return this.session;
	}

	@Override
	protected final @Nullable Object intercept(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		Arrays.setAll(args, (i) -> RelatedObject.toDriver(args[i]));
		return switch (method.getName()) {
			case "toString" -> describe();
			case "isWrapperFor" -> isWrapperFor(proxy, (Class<?>) args[0]);
			case "unwrap" -> unwrap(proxy, (Class<?>) args[0]);
			default -> handle(proxy, method, args);
		};
	}

	private boolean isWrapperFor(Object proxy, Class<?> type) throws SQLException {
		return type.isInstance(proxy) || getDelegate().isWrapperFor(type);
	}

	private Object unwrap(Object proxy, Class<?> type) throws SQLException {
		return type.isInstance(proxy) ? proxy : this.session.unwrap(getDelegate(), type);
	}

	String describe() throws SQLException {
		return "RLS " + getDelegate();
	}

	abstract Wrapper getDelegate() throws SQLException;

	abstract @Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable;

	/**
	 * Calls a method that throws no checked exception other than {@link SQLException}.
	 */
	static @Nullable Object call(Method method, Object target, @Nullable Object[] args) throws SQLException {
		try {
			return invoke(method, target, args);
		}
		catch (SQLException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new SQLException(ex);
		}
	}

}
