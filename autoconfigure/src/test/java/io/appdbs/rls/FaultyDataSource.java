package io.appdbs.rls;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Counts the calls of JDBC that come through, and fails one of them: it throws either
 * before it has passed the call on, or afterwards.
 */
final class FaultyDataSource extends DelegatingDataSource {

	/** In the order in which they are looked for: what extends another one goes first. */
	private static final List<Class<?>> TYPES = List.of(Connection.class, CallableStatement.class,
			PreparedStatement.class, Statement.class, ResultSet.class, Savepoint.class);

	/**
	 * What does not fail in reality, and what everybody calls in a finally block: a pool
	 * that cannot take a connection back would be another test.
	 */
	private static final Set<String> RELIABLE = Set.of("toString", "hashCode", "equals", "unwrap", "isWrapperFor",
			"isClosed");

	private Supplier<? extends Exception> failure = IllegalStateException::new;

	private boolean late;

	private int countdown = Integer.MAX_VALUE;

	private int calls;

	FaultyDataSource(DataSource delegate) {
		super(delegate);
	}

	/**
	 * Fail one of the next calls.
	 */
	void fail(int call, boolean late, Supplier<? extends Exception> failure) {
		this.calls = 0;
		this.countdown = call;
		this.late = late;
		this.failure = failure;
	}

	/**
	 * Let everything pass from now on.
	 */
	void heal() {
		this.countdown = Integer.MAX_VALUE;
	}

	boolean hasFailed() {
		return this.calls >= this.countdown;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return (Connection) wrap(super.getConnection(), Connection.class);
	}

	private Object wrap(Object target, Class<?> type) {
		InvocationHandler handler = (proxy, method, args) -> {
			boolean fails = !RELIABLE.contains(method.getName()) && ++this.calls == this.countdown;
			if (fails && !this.late && !method.getName().equals("close")) {
				throw this.failure.get();
			}
			Object result;
			try {
				result = method.invoke(target, args);
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
			if (fails) {
				throw this.failure.get();
			}
			return wrapResult(result, method.getReturnType());
		};
		return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type }, handler);
	}

	private Object wrapResult(Object result, Class<?> declared) {
		Class<?> type = (result != null && declared != Savepoint.class)
				? TYPES.stream().filter((each) -> each == declared).findFirst().orElse(null) : null;
		return (type != null) ? wrap(result, type) : result;
	}

}
