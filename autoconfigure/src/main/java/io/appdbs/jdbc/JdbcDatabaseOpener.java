package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.DatabaseOpener;
import io.appdbs.lifecycle.OpenedDatabase;

/**
 * Opens a relational database: builds its HikariCP pool, which connects once, and asks
 * the server what it is.
 */
public final class JdbcDatabaseOpener implements DatabaseOpener {

	private final Engines engines;

	/**
	 * Create a new {@link JdbcDatabaseOpener}.
	 * @param engines the engines among which a server is recognised
	 */
	public JdbcDatabaseOpener(Engines engines) {
		this.engines = engines;
	}

	@Override
	public OpenedDatabase open(DatabaseDefinition definition, ConnectionTarget target) throws SQLException {
		JdbcEngine engine = (JdbcEngine) definition.engine();
		HikariDataSource pool = new HikariDataSource(HikariConfigFactory.create(definition, engine, target));
		try (Connection connection = pool.getConnection()) {
			String version = engine.readServerVersion(connection);
			JdbcEngine actual = this.engines.identify(engine, version);
			return new OpenedDatabase(pool, actual,
					"%s at %s".formatted(version.split(" on |[(,]")[0].trim(), target.url()));
		}
		catch (Throwable ex) {
			pool.close();
			throw ex;
		}
	}

}
