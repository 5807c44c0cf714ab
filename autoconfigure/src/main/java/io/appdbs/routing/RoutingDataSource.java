package io.appdbs.routing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.UnknownDatabaseException;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * {@link DataSource} of a route. Each connection is one of the database that is selected
 * when it is borrowed. There is no default: without a selection, borrowing fails. Within
 * a transaction the first selection holds, and a different one is an error.
 */
public final class RoutingDataSource extends AbstractDataSource {

	private final Route route;

	private final Databases databases;

	/**
	 * Creates a new {@link RoutingDataSource}.
	 * @param route the route
	 * @param databases the databases
	 */
	public RoutingDataSource(Route route, Databases databases) {
		this.route = route;
		this.databases = databases;
	}

	/**
	 * Finds the route that a data source leads to, through its wrappers.
	 * @param dataSource the data source
	 * @return the data source of the route or {@code null} if it leads to none
	 */
	public static @Nullable RoutingDataSource find(DataSource dataSource) {
		try {
			return (dataSource instanceof RoutingDataSource routing) ? routing
					: dataSource.isWrapperFor(RoutingDataSource.class) ? dataSource.unwrap(RoutingDataSource.class)
							: null;
		}
		catch (SQLException | RuntimeException ex) {
			// not every wrapper implements the methods of JDBC for unwrapping
			return null;
		}
	}

	/**
	 * Returns the route.
	 * @return the route
	 */
	public Route getRoute() {
		return this.route;
	}

	/**
	 * Returns the selected database.
	 * @return the database or {@code null} if none is selected, or there is none of that
	 * name
	 */
	public @Nullable Database findSelected() {
		String name = this.route.findSelected();
		try {
			return (name != null) ? this.databases.get(name) : null;
		}
		catch (UnknownDatabaseException ex) {
			return null;
		}
	}

	/**
	 * Borrows a connection of the selected database.
	 * @return the connection
	 * @throws DatabaseSelectionException if no database of the route is selected
	 * @throws SQLException if the database has no connection to lend
	 */
	@Override
	public Connection getConnection() throws SQLException {
		String name = this.route.getSelected();
		Database database = find(name);
		Connection connection = findDataSource(database).getConnection();
		// after the borrow it is the engine that the server has reported
		if (!this.route.engine().getId().equals(database.getEngine())) {
			JdbcUtils.closeConnection(connection);
			throw rejectEngine(database, null);
		}
		return new RoutedConnection(this.route, name, connection).createProxy(Connection.class);
	}

	private Database find(String name) {
		try {
			return this.databases.get(name);
		}
		catch (UnknownDatabaseException ex) {
			throw new DatabaseSelectionException(this.route.name(), name,
					"'%s' was selected, but cannot be used. %s Select another one, configure it below 'app.dbs', or add it with Databases.add before it is selected."
						.formatted(name, ex.getMessage()),
					ex);
		}
	}

	private DataSource findDataSource(Database database) {
		try {
			return database.getDataSource();
		}
		catch (IllegalDatabaseOperationException ex) {
			if (!this.route.engine().getId().equals(database.getEngine())) {
				throw rejectEngine(database, ex);
			}
			throw new DatabaseSelectionException(this.route.name(), database.getName(),
					"'%s' was selected, but cannot be used. %s".formatted(database.getName(), ex.getMessage()), ex);
		}
	}

	private DatabaseSelectionException rejectEngine(Database database, @Nullable Throwable cause) {
		return new DatabaseSelectionException(this.route.name(), database.getName(),
				"database '%s' was selected, whose engine is '%s', but 'app.dbs-routes.%s.engine' is '%s'. All databases of a route have the same engine."
					.formatted(database.getName(), database.getEngine(), this.route.name(),
							this.route.engine().getId()),
				cause);
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		throw new SQLFeatureNotSupportedException(
				"Route '%s' supports only the logins of its databases.".formatted(this.route.name()));
	}

	@Override
	public String toString() {
		return "DataSource of route '%s'".formatted(this.route.name());
	}

}
