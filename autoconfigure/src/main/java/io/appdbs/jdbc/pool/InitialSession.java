package io.appdbs.jdbc.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import com.zaxxer.hikari.HikariConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a pool initializes the session of each connection that it opens.
 *
 * @param catalog the catalog or {@code null}
 * @param schema the schema or {@code null}
 * @param sql the statements or {@code null}
 */
record InitialSession(@Nullable String catalog, @Nullable String schema, @Nullable String sql) {

	static InitialSession of(HikariConfig config) {
		return new InitialSession(config.getCatalog(), config.getSchema(), config.getConnectionInitSql());
	}

	void apply(Connection connection) throws SQLException {
		if (this.catalog != null) {
			connection.setCatalog(this.catalog);
		}
		if (this.schema != null) {
			connection.setSchema(this.schema);
		}
		if (this.sql != null) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(this.sql);
			}
		}
	}

}
