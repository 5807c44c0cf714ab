package io.appdbs.rls;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that can carry the prefix. Whether it has to shows when it is
 * executed, so the statements of the driver, with and without prefix, are prepared then,
 * and parameters are remembered until then.
 */
final class RlsPreparedStatement extends RlsProxy {

	private static final Set<String> TYPED = Set.of("setBoolean", "setByte", "setShort", "setInt", "setLong",
			"setFloat", "setDouble", "setBigDecimal", "setBytes", "setString");

	private static final Set<Class<?>> TYPED_OBJECTS = Set.of(Boolean.class, Byte.class, Short.class, Integer.class,
			Long.class, Float.class, Double.class, BigDecimal.class, byte[].class, String.class, UUID.class);

	private final Connection connection;

	private final RlsSession session;

	private final String sql;

	/** Parameters by index. */
	private final Map<Integer, Call> parameters = new TreeMap<>();

	/** Settings of the statement by method. */
	private final Map<String, Call> settings = new LinkedHashMap<>();

	private final Bindings plainBindings = new Bindings();

	private final Bindings compositeBindings = new Bindings();

	private @Nullable PreparedStatement plain;

	private @Nullable PrefixedStatement composite;

	/** What was executed last; another thread may cancel it. */
	private volatile @Nullable PreparedStatement current;

	private boolean closed;

	private boolean closeOnCompletion;

	private RlsPreparedStatement(Connection connection, RlsSession session, String sql) {
		super(session);
		this.connection = connection;
		this.session = session;
		this.sql = sql;
	}

	static PreparedStatement wrap(Connection connection, RlsSession session, String sql) {
		return new RlsPreparedStatement(connection, session, sql).createProxy(PreparedStatement.class);
	}

	@Override
	Wrapper getDelegate() throws SQLException {
		return plain();
	}

	private PreparedStatement current() throws SQLException {
		PreparedStatement current = this.current;
		return (current != null) ? current : plain();
	}

	@Override
	@Nullable Object handle(Object proxy, Method method, @Nullable Object[] args) throws Throwable {
		String name = method.getName();
		if (this.closed && !name.equals("close") && !name.equals("isClosed")) {
			throw new SQLException("This statement has been closed.", "55000");
		}
		if (name.startsWith("set")) {
			return set(method, args);
		}
		return switch (name) {
			case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" ->
				RelatedObject.of(this.session, execute(method, args), proxy);
			case "executeBatch", "executeLargeBatch" -> run(method, executed(plain()), args);
			case "addBatch" -> invoke(method, bound(plain()), args);
			case "clearBatch" -> invoke(method, plain(), args);
			case "clearParameters" -> {
				clearParameters();
				yield null;
			}
			case "getConnection" -> this.connection;
			case "closeOnCompletion" -> {
				this.closeOnCompletion = true;
				yield null;
			}
			case "isCloseOnCompletion" -> this.closeOnCompletion;
			case "isClosed" -> this.closed || this.session.getConnection().isClosed();
			case "close" -> {
				close();
				yield null;
			}
			case "cancel" -> cancel();
			case "getMetaData", "getParameterMetaData" -> invoke(method, bound(plain()), args);
			default -> RelatedObject.of(this.session, invoke(method, current(), args), proxy);
		};
	}

	private PreparedStatement executed(PreparedStatement statement) {
		this.current = statement;
		return statement;
	}

	/**
	 * By another thread, which must not touch anything else.
	 */
	private @Nullable Object cancel() throws SQLException {
		PreparedStatement current = this.current;
		if (current != null) {
			current.cancel();
		}
		return null;
	}

	@Override
	String describe() {
		return "RLS " + this.sql;
	}

	private @Nullable Object set(Method method, @Nullable Object[] args) throws Throwable {
		Call call = new Call(method, args);
		if (args.length > 1 && args[0] instanceof Integer index) {
			this.parameters.put(index, call);
			return null;
		}
		this.settings.put(method.getName(), call);
		if (this.plain != null) {
			call.on(this.plain, 0);
		}
		if (this.composite != null) {
			call.on(this.composite.statement(), 0);
		}
		return null;
	}

	private @Nullable Object execute(Method method, @Nullable Object[] args) throws Throwable {
		if (args.length > 0) {
			// a prepared statement has its SQL already: the driver says so
			return invoke(method, plain(), args);
		}
		AppliedContext next = this.session.next();
		if (next != null && this.session.canCarry(getFetchSize())) {
			PrefixedStatement composite = composite();
			this.current = composite.statement();
			this.compositeBindings.bind(this.parameters, composite.statement(), composite.countPrefixParameters());
			if (this.session.isAutoCommit() && this.parameters.values().stream().anyMatch(Call::isUntyped)) {
				composite.keepTogether();
			}
			return composite.execute(method.getName(), next);
		}
		PreparedStatement plain = bound(executed(plain()));
		return (next != null) ? run(method, plain, args) : invoke(method, plain, args);
	}

	private @Nullable Object run(Method method, PreparedStatement statement, @Nullable Object[] args)
			throws SQLException {
		return this.session.run(statement, () -> call(method, statement, args));
	}

	private int getFetchSize() throws SQLException {
		Call call = this.settings.get("setFetchSize");
		return (call != null && call.args()[0] instanceof Integer fetchSize) ? fetchSize
				: this.session.getDefaultFetchSize();
	}

	private PreparedStatement plain() throws SQLException {
		PreparedStatement plain = this.plain;
		if (plain == null) {
			plain = this.session.getConnection().prepareStatement(this.sql);
			this.plain = plain;
			applySettings(plain);
		}
		return plain;
	}

	private PreparedStatement bound(PreparedStatement plain) throws SQLException {
		this.plainBindings.bind(this.parameters, plain, 0);
		return plain;
	}

	private PrefixedStatement composite() throws SQLException {
		PrefixedStatement composite = this.composite;
		if (composite != null && !composite.isUsable()) {
			composite.statement().close();
			this.compositeBindings.clear();
			composite = null;
		}
		if (composite == null) {
			composite = PrefixedStatement.prepare(this.session, this.sql);
			this.composite = composite;
			applySettings(composite.statement());
		}
		return composite;
	}

	private void applySettings(PreparedStatement statement) throws SQLException {
		for (Call call : this.settings.values()) {
			call.on(statement, 0);
		}
	}

	private void clearParameters() throws SQLException {
		this.parameters.clear();
		this.plainBindings.clear();
		this.compositeBindings.clear();
		if (this.plain != null) {
			this.plain.clearParameters();
		}
		if (this.composite != null) {
			this.composite.statement().clearParameters();
		}
	}

	private void close() throws SQLException {
		this.closed = true;
		try (PreparedStatement plain = this.plain) {
			if (this.composite != null) {
				this.composite.statement().close();
			}
		}
	}

	/**
	 * A call of a method of the driver's statement.
	 *
	 * @param method the method
	 * @param args its arguments
	 */
	private record Call(Method method, @Nullable Object[] args) {

		/**
		 * Return whether the driver may leave the type of the parameter to the server.
		 */
		boolean isUntyped() {
			return !TYPED.contains(this.method.getName())
					&& !(this.method.getName().equals("setObject") && this.args.length == 2 && this.args[1] != null
							&& TYPED_OBJECTS.contains(this.args[1].getClass()));
		}

		@Nullable Object on(PreparedStatement statement, int shift) throws SQLException {
			@Nullable Object[] args = this.args;
			if (shift > 0 && args[0] instanceof Integer index) {
				args = args.clone();
				args[0] = index + shift;
			}
			return call(this.method, statement, args);
		}

	}

	/**
	 * The parameters that one of the driver's statements has been given.
	 */
	private static final class Bindings {

		private final Map<Integer, Call> bound = new TreeMap<>();

		void bind(Map<Integer, Call> parameters, PreparedStatement statement, int shift) throws SQLException {
			for (Map.Entry<Integer, Call> parameter : parameters.entrySet()) {
				if (this.bound.get(parameter.getKey()) != parameter.getValue()) {
					parameter.getValue().on(statement, shift);
					this.bound.put(parameter.getKey(), parameter.getValue());
				}
			}
		}

		void clear() {
			this.bound.clear();
		}

	}

}
