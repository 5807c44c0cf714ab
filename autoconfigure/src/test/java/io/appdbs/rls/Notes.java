package io.appdbs.rls;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * A database with a table whose rows belong to users, on a server of its own, for the
 * tests of a class.
 */
final class Notes implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private String address;

	@Override
	public void beforeAll(ExtensionContext context) throws SQLException {
		start();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		close();
	}

	void start() throws SQLException {
		String url = this.servers.getUrl("embedded:postgresql", "notes");
		String rest = url.substring(url.indexOf('@') + 1);
		this.address = rest.substring(0, rest.indexOf('/'));
		execute("""
				CREATE ROLE app LOGIN;
				CREATE ROLE reader;
				CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, body text,
					written timestamp NOT NULL DEFAULT now());
				ALTER TABLE note ENABLE ROW LEVEL SECURITY;
				ALTER TABLE note FORCE ROW LEVEL SECURITY;
				CREATE POLICY own ON note
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
				CREATE FUNCTION whoami() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.current_user_id', true) $$;
				""");
		for (String owner : new String[] { "alice", "bob" }) {
			execute("INSERT INTO note (owner, body) SELECT '%s', 'note ' || i FROM generate_series(1, 10) i"
				.formatted(owner));
		}
	}

	String address() {
		return this.address;
	}

	void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + this.address + "/notes?user=postgres");
	}

	ApplicationContextRunner runner(String address, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.notes.url=postgresql://" + address + "/notes", "app.dbs.notes.username=app",
					"app.dbs.notes.rls.enabled=true", "app.dbs.notes.pool.max-size=4")
			.withPropertyValues(properties);
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
