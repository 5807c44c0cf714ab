package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.proxy.NanoTimeStopwatchFactory;
import net.ttddyy.dsproxy.proxy.ProxyConfig;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A {@link DataSource} whose connections log what they execute. Needs datasource-proxy,
 * whose own data source is not used: it could be closed by everybody, and hides
 * exceptions.
 */
public final class QueryLogDataSource extends DelegatingDataSource {

	private final ProxyConfig config;

	/**
	 * Create a new {@link QueryLogDataSource}.
	 * @param dataSource gives the connections
	 * @param log told of everything that they execute
	 */
	public QueryLogDataSource(DataSource dataSource, QueryLog log) {
		super(dataSource);
		StatementListener listener = new StatementListener(log);
		this.config = ProxyConfig.Builder.create()
			.queryListener(listener)
			.methodListener(listener)
			.resultSetProxyLogicFactory(
					(resultSet, connection, config) -> new CountedRows(resultSet, (OpenResults) connection, config))
			.stopwatchFactory(new NanoTimeStopwatchFactory())
			.build();
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = obtainTargetDataSource().getConnection();
		return this.config.getJdbcProxyFactory().createConnection(connection, new OpenResults(), this.config);
	}

	/**
	 * As of the {@link DataSource} that gives the connections.
	 */
	@Override
	public String toString() {
		return obtainTargetDataSource().toString();
	}

}
