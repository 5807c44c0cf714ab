package io.appdbs.rls;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;

/**
 * A pool of few connections to the notes, with row-level security on top of it and
 * nothing else.
 */
public final class RlsPool implements AutoCloseable {

	private final HikariDataSource pool = new HikariDataSource();

	private final RlsDataSource dataSource;

	RlsPool(Notes notes, String parameters, Map<String, String> rls, int connections, UnaryOperator<DataSource> layer) {
		this(notes.address() + "/notes?user=app&" + parameters, rls, connections, layer,
				new RlsServer(!parameters.contains("preferQueryMode=simple"), null, false));
	}

	RlsPool(String url, Map<String, String> rls, int connections, UnaryOperator<DataSource> layer, RlsServer server) {
		this.pool.setJdbcUrl("jdbc:postgresql://" + url);
		this.pool.setMaximumPoolSize(connections);
		this.pool.setConnectionTimeout(10_000);
		DatabaseSettings settings = Definitions.bind(rls);
		this.dataSource = new RlsDataSource(layer.apply(this.pool),
				new DatabaseDefinition("notes", settings, null, () -> null), List::of, () -> server);
	}

	static void use(Notes notes, String parameters, Map<String, String> rls, Work work) throws Exception {
		try (RlsPool pool = new RlsPool(notes, parameters, rls, 1, UnaryOperator.identity());
				Connection connection = pool.dataSource.getConnection()) {
			work.with(connection);
		}
	}

	RlsDataSource dataSource() {
		return this.dataSource;
	}

	int active() {
		return this.pool.getHikariPoolMXBean().getActiveConnections();
	}

	/**
	 * Return what the settings are on the connections as they lie in the pool.
	 */
	Set<String> left() throws SQLException {
		return left(this.pool.getMaximumPoolSize());
	}

	private Set<String> left(int connections) throws SQLException {
		Set<String> left = new LinkedHashSet<>();
		try (Connection raw = this.pool.getConnection();
				Statement statement = raw.createStatement();
				ResultSet rows = statement
					.executeQuery("SELECT concat(current_setting('app.current_user_id', true), '/', current_user)")) {
			left.addAll(read(rows));
			left.add(String.valueOf(raw.getAutoCommit()));
			if (connections > 1) {
				left.addAll(left(connections - 1));
			}
			return left;
		}
	}

	public static List<String> read(ResultSet rows) throws SQLException {
		List<String> values = new ArrayList<>();
		while (rows.next()) {
			values.add(rows.getString(1));
		}
		return values;
	}

	@Override
	public void close() {
		this.pool.close();
	}

	/**
	 * Work with a connection.
	 */
	@FunctionalInterface
	interface Work {

		void with(Connection connection) throws Exception;

	}

}
