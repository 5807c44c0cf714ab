package io.appdbs.rls;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A result set, an array or metadata, from which the way back leads to the proxy that it
 * came from.
 */
final class RelatedObject extends RlsProxy {

	/** The methods of a result set that send separate statements. */
	private static final Set<String> WRITES = Set.of("insertRow", "updateRow", "deleteRow", "refreshRow");

	/** The methods for which a cursor reads further rows. */
	private static final Set<String> READS = Set.of("next", "isLast");

	private final Object delegate;

	private final @Nullable Object origin;

	/** What a result set was read under. */
	private final @Nullable AppliedContext context;

	RelatedObject(RlsSession session, Object delegate, @Nullable Object origin) {
		super(session);
		this.delegate = delegate;
		this.origin = origin;
		this.context = (delegate instanceof ResultSet) ? session.getApplied() : null;
	}

	/**
	 * Returns the result of a statement's method, with the way back if there is one.
	 */
	static @Nullable Object of(RlsSession session, @Nullable Object result, @Nullable Object origin) {
		if (result instanceof ResultSet) {
			return new RelatedObject(session, result, origin).createProxy(ResultSet.class);
		}
		return (result instanceof Array) ? new RelatedObject(session, result, null).createProxy(Array.class) : result;
	}

	/**
	 * Returns what the driver has to be given for an argument: it writes its own arrays
	 * only.
	 */
	static @Nullable Object toDriver(@Nullable Object argument) {
		return (argument instanceof Array && Proxy.isProxyClass(argument.getClass())
				&& Proxy.getInvocationHandler(argument) instanceof RelatedObject array) ? array.delegate : argument;
	}

	/**
	 * The text of an array is what it is written as.
	 */
	@Override
	String describe() throws SQLException {
		return (this.delegate instanceof Array) ? this.delegate.toString() : super.describe();
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
		if (WRITES.contains(method.getName())) {
			return getSession().run(() -> call(method, this.delegate, args));
		}
		if (READS.contains(method.getName()) && this.context != null) {
			getSession().resume((ResultSet) this.delegate, this.context);
		}
		Object result = invoke(method, this.delegate, args);
		if (method.getName().equals("close") && this.origin instanceof Statement statement && !statement.isClosed()
				&& statement.isCloseOnCompletion()) {
			statement.close();
		}
		// the statement of another result set is the driver's own
		return of(getSession(), result, null);
	}

}
