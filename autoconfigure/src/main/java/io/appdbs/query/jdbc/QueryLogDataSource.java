package io.appdbs.query.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.ConnectionInfo;
import net.ttddyy.dsproxy.proxy.NanoTimeStopwatchFactory;
import net.ttddyy.dsproxy.proxy.ProxyConfig;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A {@link DataSource} whose connections log what they execute. It needs
 * datasource-proxy, but not the {@code DataSource} of that library, which any user could
 * close, and which hides exceptions.
 */
public final class QueryLogDataSource extends DelegatingDataSource {

	private final ProxyConfig config;

	/**
	 * Creates a new {@link QueryLogDataSource}.
	 * @param dataSource provides the connections
	 * @param log logs the statements that they execute
	 * @param syntax the syntax of the server
	 */
	public QueryLogDataSource(DataSource dataSource, QueryLog log, SqlSyntax syntax) {
		super(dataSource);
		this.config = ProxyConfig.Builder.create()
			.queryListener(new StatementListener(log, new SqlMask(log.getMasked(), syntax)))
			.stopwatchFactory(new NanoTimeStopwatchFactory())
			.build();
	}

	@Override
	public Connection getConnection() throws SQLException {
		return this.config.getJdbcProxyFactory()
			.createConnection(obtainTargetDataSource().getConnection(), new ConnectionInfo(), this.config);
	}

	/**
	 * Returns the text of the {@link DataSource} that provides the connections.
	 */
	@Override
	public String toString() {
		return obtainTargetDataSource().toString();
	}

}
