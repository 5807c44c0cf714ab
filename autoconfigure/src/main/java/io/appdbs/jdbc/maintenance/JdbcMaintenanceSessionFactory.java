package io.appdbs.jdbc.maintenance;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.maintenance.JdbcMaintenance;
import io.appdbs.jdbc.NamedDataSource;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.maintenance.task.MaintenanceSession;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Opens the sessions that maintain a relational database.
 */
public final class JdbcMaintenanceSessionFactory implements MaintenanceSession.Factory {

	private final DatabaseAccess database;

	private final MaintenanceConnections connections;

	/**
	 * Creates a new {@link JdbcMaintenanceSessionFactory}.
	 * @param database the database
	 */
	public JdbcMaintenanceSessionFactory(DatabaseAccess database) {
		this.database = database;
		this.connections = new MaintenanceConnections(database, new FailedLogins());
	}

	/**
	 * Transaction managers for JDBC and JPA bind a connection to the data source of the
	 * database.
	 */
	@Override
	public boolean isInTransaction() {
		for (Map.Entry<Object, Object> resource : TransactionSynchronizationManager.getResourceMap().entrySet()) {
			if (resource.getKey() instanceof DataSource dataSource
					&& resource.getValue() instanceof ConnectionHolder holder && isOfDatabase(dataSource)
					&& isInTransaction(holder)) {
				return true;
			}
		}
		return false;
	}

	private boolean isOfDatabase(DataSource dataSource) {
		try {
			return dataSource.isWrapperFor(NamedDataSource.class) && dataSource.unwrap(NamedDataSource.class)
				.getDatabase()
				.equals(this.database.getDefinition().name());
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * A connection may be bound although there is no transaction, for example inside a
	 * transaction of another database.
	 */
	private static boolean isInTransaction(ConnectionHolder holder) {
		try {
			return !holder.getConnection().getAutoCommit();
		}
		catch (SQLException | RuntimeException ex) {
			return true;
		}
	}

	@Override
	public MaintenanceSession open(@Nullable Duration timeout) throws SQLException {
		JdbcMaintenance maintenance = this.connections.engine().getMaintenance();
		if (maintenance == null) {
			throw new SQLException("%s is not maintained".formatted(this.connections.engine().getDisplayName()));
		}
		Connection connection = this.connections.open(maintenance, timeout);
		try {
			return new JdbcMaintenanceSession(this.connections, maintenance, connection);
		}
		catch (SQLException | RuntimeException ex) {
			JdbcUtils.closeConnection(connection);
			throw ex;
		}
	}

}
