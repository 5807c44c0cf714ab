package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.DatabaseOpener;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.OpenedDatabase;

/**
 * Opens a relational database: builds its HikariCP pool, which connects once, and asks
 * the server what it is.
 */
public final class JdbcDatabaseOpener implements DatabaseOpener {

	private final Engines engines;

	private final List<DatabasePreparation> preparations;

	/**
	 * Create a new {@link JdbcDatabaseOpener}.
	 * @param engines the engines among which a server is recognised
	 * @param preparations what is done to a database before its pool is built, in order
	 */
	public JdbcDatabaseOpener(Engines engines, List<DatabasePreparation> preparations) {
		this.engines = engines;
		this.preparations = List.copyOf(preparations);
	}

	@Override
	public OpenedDatabase open(DatabaseDefinition definition, ConnectionTarget target) throws Exception {
		JdbcEngine engine = (JdbcEngine) definition.engine();
		HikariConfig config = HikariConfigFactory.create(definition, engine, target);
		// a database in memory lasts as long as somebody is connected to it
		try (Connection held = target.hosts().isEmpty() ? connect(config) : null) {
			for (DatabasePreparation preparation : this.preparations) {
				preparation.prepare(definition, target);
			}
			return open(config, engine, target);
		}
	}

	private static Connection connect(HikariConfig config) throws SQLException {
		Properties properties = new Properties();
		properties.putAll(config.getDataSourceProperties());
		if (config.getUsername() != null) {
			properties.put("user", config.getUsername());
		}
		if (config.getPassword() != null) {
			properties.put("password", config.getPassword());
		}
		return DriverManager.getConnection(config.getJdbcUrl(), properties);
	}

	private OpenedDatabase open(HikariConfig config, JdbcEngine engine, ConnectionTarget target) throws SQLException {
		HikariDataSource pool = new HikariDataSource(config);
		try (Connection connection = pool.getConnection()) {
			String version = engine.readServerVersion(connection);
			JdbcEngine actual = this.engines.identify(engine, version);
			return new OpenedDatabase(pool, actual,
					"%s at %s".formatted(version.split(" on |[(,]")[0].trim(), target.url()));
		}
		catch (SQLException | RuntimeException ex) {
			pool.close();
			throw ex;
		}
	}

}
