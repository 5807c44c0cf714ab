package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The H2 databases of one application.
 */
final class EmbeddedH2Server implements EmbeddedServer {

	private final @Nullable Path data;

	private final String id = UUID.randomUUID().toString();

	private final Map<String, String> urls = new ConcurrentHashMap<>();

	EmbeddedH2Server(ServerFolder folder) throws IOException {
		this.data = folder.isKept() ? folder.open() : null;
	}

	@Override
	public String createDatabase(String name) throws SQLException {
		String place = (this.data != null) ? "file:" + this.data.resolve(name)
				: "mem:" + this.id + "-" + name + ";DB_CLOSE_DELAY=-1";
		// H2's own shutdown hook would close the database while the application is
		// still shutting down
		String url = "jdbc:h2:" + place + ";DB_CLOSE_ON_EXIT=FALSE;USER=sa";
		JdbcDrivers.connect("org.h2.Driver", url).close();
		this.urls.put(name, url);
		return url;
	}

	@Override
	public void dropDatabase(String name) throws SQLException {
		String url = this.urls.remove(name);
		if (url != null) {
			// this also deletes data in memory
			shutDown(url);
		}
	}

	private static void shutDown(String url) throws SQLException {
		try (Connection connection = JdbcDrivers.connect("org.h2.Driver", url);
				Statement statement = connection.createStatement()) {
			statement.execute("SHUTDOWN");
		}
	}

	@Override
	public void close() throws SQLException {
		SQLException failure = null;
		for (String url : this.urls.values()) {
			try {
				shutDown(url);
			}
			catch (SQLException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
