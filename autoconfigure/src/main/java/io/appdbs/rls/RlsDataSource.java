package io.appdbs.rls;

import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.settings.DatabaseDefinition;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The {@link DataSource} of a database with row-level security: every statement runs
 * under the context of the user who is current when it is executed.
 */
public final class RlsDataSource extends DelegatingDataSource {

	private final RlsDatabase database;

	/**
	 * Creates a new {@link RlsDataSource}.
	 * @param delegate gives the connections
	 * @param definition the database
	 * @param providers provide the current user, in order; requested with the first
	 * statement
	 * @param server supplies what the start has found out about the server, not before
	 * the first statement
	 */
	public RlsDataSource(DataSource delegate, DatabaseDefinition definition,
			Supplier<List<RlsContextProvider>> providers, Supplier<RlsServer> server) {
		super(delegate);
		this.database = RlsDatabase.of(definition, new ContextSource(definition, providers), server);
	}

	@Override
	public Connection getConnection() throws SQLException {
		// before the pool, which may have no connection left but that of the one who asks
		this.database.contexts().checkNotAsking();
		return RlsConnection.wrap(this.database, super.getConnection());
	}

	/**
	 * Not supported: the delegate's connections are those without context.
	 */
	@Override
	public ConnectionBuilder createConnectionBuilder() throws SQLException {
		throw new SQLFeatureNotSupportedException("A database with row-level security has no ConnectionBuilder.");
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		this.database.contexts().checkNotAsking();
		return RlsConnection.wrap(this.database, super.getConnection(username, password));
	}

}
