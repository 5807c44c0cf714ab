package io.appdbs.rls;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that can carry the prefix. Whether it has to shows when it is
 * executed, so the statements of the driver, with and without prefix, are prepared then,
 * and parameters are remembered until then.
 */
final class RlsPreparedStatement extends RlsProxy {

	private final Connection connection;

	private final RlsSession session;

	private final String sql;

	/** Parameters by index. */
	private final Map<Integer, StatementCall> parameters = new TreeMap<>();

	/** Settings of the statement by method. */
	private final Map<String, StatementCall> settings = new LinkedHashMap<>();

	private final ParameterBindings plainBindings = new ParameterBindings();

	private final ParameterBindings prefixedBindings = new ParameterBindings();

	private @Nullable PreparedStatement plain;

	private @Nullable PrefixedStatement prefixed;

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
			case "getMoreResults" -> getMoreResults(method, args);
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

	private @Nullable Object getMoreResults(Method method, @Nullable Object[] args) throws Throwable {
		PrefixedStatement prefixed = this.prefixed;
		return (args.length == 0 && prefixed != null && prefixed.statement() == this.current)
				? prefixed.getMoreResults() : invoke(method, current(), args);
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
		StatementCall call = new StatementCall(method, args);
		if (args.length > 1 && args[0] instanceof Integer index) {
			this.parameters.put(index, call);
			return null;
		}
		this.settings.put(method.getName(), call);
		if (this.plain != null) {
			call.on(this.plain, 0);
		}
		if (this.prefixed != null) {
			call.on(this.prefixed.statement(), 0);
		}
		return null;
	}

	private @Nullable Object execute(Method method, @Nullable Object[] args) throws Throwable {
		if (args.length > 0) {
			// a prepared statement has its SQL already: the driver says so
			return invoke(method, plain(), args);
		}
		AppliedContext next = this.session.contextToApply();
		if (next != null && this.session.canPrefix(getFetchSize())) {
			PrefixedStatement prefixed = prefixed(next);
			this.current = prefixed.statement();
			this.prefixedBindings.bind(this.parameters, prefixed.statement(), prefixed.countPrefixParameters());
			if (this.session.isAutoCommit() && this.parameters.values().stream().anyMatch(StatementCall::isUntyped)) {
				prefixed.keepTogether();
			}
			return prefixed.execute(method.getName(), next);
		}
		PreparedStatement plain = bound(executed(plain()));
		return (next != null) ? run(method, plain, args) : invoke(method, plain, args);
	}

	private @Nullable Object run(Method method, PreparedStatement statement, @Nullable Object[] args)
			throws SQLException {
		return this.session.run(statement, () -> call(method, statement, args));
	}

	private int getFetchSize() throws SQLException {
		StatementCall call = this.settings.get("setFetchSize");
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

	private PrefixedStatement prefixed(AppliedContext context) throws SQLException {
		PrefixedStatement prefixed = this.prefixed;
		if (prefixed != null && !prefixed.isUsable(context)) {
			prefixed.statement().close();
			this.prefixedBindings.clear();
			prefixed = null;
		}
		if (prefixed == null) {
			prefixed = PrefixedStatement.prepare(this.session, this.sql, context);
			this.prefixed = prefixed;
			applySettings(prefixed.statement());
		}
		return prefixed;
	}

	private void applySettings(PreparedStatement statement) throws SQLException {
		for (StatementCall call : this.settings.values()) {
			call.on(statement, 0);
		}
	}

	private void clearParameters() throws SQLException {
		this.parameters.clear();
		this.plainBindings.clear();
		this.prefixedBindings.clear();
		if (this.plain != null) {
			this.plain.clearParameters();
		}
		if (this.prefixed != null) {
			this.prefixed.statement().clearParameters();
		}
	}

	private void close() throws SQLException {
		this.closed = true;
		try (PreparedStatement plain = this.plain) {
			if (this.prefixed != null) {
				this.prefixed.statement().close();
			}
		}
	}

}
