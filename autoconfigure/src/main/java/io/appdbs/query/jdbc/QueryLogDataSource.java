package io.appdbs.query.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.ConnectionInfo;
import net.ttddyy.dsproxy.proxy.NanoTimeStopwatchFactory;
import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.proxy.StopwatchFactory;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A {@link DataSource} whose connections log what they execute. Needs datasource-proxy,
 * whose own data source is not used: it could be closed by everybody, and hides
 * exceptions.
 */
public final class QueryLogDataSource extends DelegatingDataSource {

	private static final StopwatchFactory STOPWATCHES = new NanoTimeStopwatchFactory();

	private final QueryLog log;

	/**
	 * Create a new {@link QueryLogDataSource}.
	 * @param dataSource gives the connections
	 * @param log told of everything that they execute
	 */
	public QueryLogDataSource(DataSource dataSource, QueryLog log) {
		super(dataSource);
		this.log = log;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = obtainTargetDataSource().getConnection();
		StatementListener listener = new StatementListener(this.log);
		ProxyConfig config = ProxyConfig.Builder.create()
			.queryListener(listener)
			.methodListener(listener)
			.resultSetProxyLogicFactory(CountedRows::new)
			.stopwatchFactory(STOPWATCHES)
			.build();
		return config.getJdbcProxyFactory().createConnection(connection, new ConnectionInfo(), config);
	}

	/**
	 * As of the {@link DataSource} that gives the connections.
	 */
	@Override
	public String toString() {
		return obtainTargetDataSource().toString();
	}

}
