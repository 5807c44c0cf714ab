package io.appdbs.query.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;

import net.ttddyy.dsproxy.ConnectionInfo;
import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.proxy.SimpleResultSetProxyLogic;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows that are read of a {@link ResultSet}, whose proxy unwraps to this.
 */
class CountedRows extends SimpleResultSetProxyLogic {

	private volatile @Nullable PendingQuery query;

	CountedRows(ResultSet resultSet, ConnectionInfo connection, ProxyConfig config) {
		super(resultSet, connection, config);
	}

	/**
	 * Count the rows of a result for a query, until it has been read.
	 */
	static void count(ResultSet resultSet, PendingQuery query) {
		try {
			query.setRows(0);
			resultSet.unwrap(CountedRows.class).query = query;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		if (args != null && args.length == 1 && args[0] == CountedRows.class) {
			return method.getName().equals("unwrap") ? this : true;
		}
		Object result = performProxyLogic(proxy, method, args, null);
		PendingQuery query = this.query;
		if (query != null) {
			boolean next = method.getName().equals("next");
			if (next && Boolean.TRUE.equals(result)) {
				query.addRow();
			}
			else if (next || method.getName().equals("close")) {
				query.end();
			}
		}
		return result;
	}

}
