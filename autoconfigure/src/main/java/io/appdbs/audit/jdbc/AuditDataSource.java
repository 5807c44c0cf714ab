package io.appdbs.audit.jdbc;

import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

import javax.sql.DataSource;

import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.engine.sql.SqlSyntax;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The {@link DataSource} of a database that is audited: every unit of work of its
 * connections is recorded.
 */
public final class AuditDataSource extends DelegatingDataSource {

	private final AuditedDatabase database;

	/**
	 * Creates a new {@link AuditDataSource}.
	 * @param delegate provides the connections
	 * @param trail records the units of work
	 * @param syntax the syntax of the server
	 */
	public AuditDataSource(DataSource delegate, AuditTrail trail, SqlSyntax syntax) {
		super(delegate);
		this.database = new AuditedDatabase(trail, syntax);
	}

	@Override
	public Connection getConnection() throws SQLException {
		checkNotRecording();
		return AuditedConnection.wrap(this.database, super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		checkNotRecording();
		return AuditedConnection.wrap(this.database, super.getConnection(username, password));
	}

	/**
	 * Rejects a borrow before the pool, whose last connection this thread may hold.
	 */
	private void checkNotRecording() throws SQLException {
		if (this.database.getTrail().isRecording()) {
			throw this.database.getTrail().createRejection();
		}
	}

	/**
	 * Not supported: the delegate's connections are not audited.
	 */
	@Override
	public ConnectionBuilder createConnectionBuilder() throws SQLException {
		throw new SQLFeatureNotSupportedException("A database that is audited has no ConnectionBuilder.");
	}

	/**
	 * Returns the text of the {@link DataSource} that provides the connections.
	 */
	@Override
	public String toString() {
		return obtainTargetDataSource().toString();
	}

}
