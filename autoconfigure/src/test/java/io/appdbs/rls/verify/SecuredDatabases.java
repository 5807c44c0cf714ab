package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.appdbs.jdbc.Definitions;
import io.appdbs.rls.PostgresServer;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Databases on one server whose policies bind the login {@code app}, each with tables,
 * partitions, views and functions of its own, until a test adds a fault.
 */
public final class SecuredDatabases extends PostgresServer {

	private static final String SCHEMA = """
			GRANT CREATE ON DATABASE secured TO PUBLIC;
			CREATE ROLE keeper;
			CREATE ROLE app LOGIN;
			GRANT ALL ON SCHEMA public TO keeper;
			SET ROLE keeper;
			CREATE TABLE note (id bigint PRIMARY KEY, owner text, body text, pinned boolean);
			ALTER TABLE note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
			CREATE POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			CREATE POLICY admin ON note FOR SELECT
				USING ((SELECT current_setting('app.current_user_role', true)) = 'admin');
			GRANT SELECT, INSERT, UPDATE, DELETE ON note TO app;
			CREATE TABLE comment (id bigint, note_id bigint REFERENCES note);
			ALTER TABLE comment ENABLE ROW LEVEL SECURITY;
			CREATE POLICY visible ON comment FOR SELECT USING (note_id IN (SELECT id FROM note));
			GRANT SELECT ON comment TO app;
			CREATE TABLE event (id bigint, owner text) PARTITION BY LIST (owner);
			CREATE TABLE event_alice PARTITION OF event FOR VALUES IN ('alice');
			ALTER TABLE event ENABLE ROW LEVEL SECURITY;
			CREATE FUNCTION me() RETURNS text LANGUAGE sql STABLE AS
				$$ SELECT NULLIF(current_setting('app.current_user_id', true), '') $$;
			CREATE POLICY own ON event USING (owner = (SELECT me()));
			GRANT SELECT, INSERT ON event TO app;
			CREATE TABLE shared (id bigint, owner text);
			ALTER TABLE shared ENABLE ROW LEVEL SECURITY;
			CREATE POLICY anyone ON shared USING (true);
			CREATE POLICY own ON shared AS RESTRICTIVE USING (owner = (SELECT me()));
			CREATE TABLE shared_old () INHERITS (shared);
			ALTER TABLE shared_old ENABLE ROW LEVEL SECURITY;
			GRANT SELECT, INSERT, UPDATE, DELETE ON shared, shared_old TO app;
			CREATE TABLE audit (id bigint);
			CREATE VIEW my_note WITH (security_invoker = true) AS SELECT id, body FROM note;
			GRANT SELECT ON my_note TO app;
			CREATE VIEW forced AS SELECT id FROM note;
			GRANT SELECT ON forced TO app;
			CREATE VIEW today AS SELECT current_date AS day;
			GRANT SELECT ON today TO app;
			CREATE TABLE flyway_schema_history (installed_rank int);
			GRANT SELECT, INSERT ON flyway_schema_history TO app;
			CREATE SEQUENCE note_id;
			GRANT USAGE ON note_id TO app;
			CREATE SCHEMA hidden;
			CREATE TABLE hidden.secret (id bigint);
			GRANT SELECT ON hidden.secret TO app;
			RESET ROLE;
			CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN NEW; END $$;
			CREATE FUNCTION team() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER AS
				$$ SELECT id FROM note WHERE owner = me() $$;
			CREATE POLICY team ON note FOR SELECT USING (id IN (SELECT team()));
			CREATE FUNCTION harmless() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
			ALTER FUNCTION harmless() OWNER TO app;
			CREATE EXTENSION pg_stat_statements;
			INSERT INTO shared VALUES (1, 'alice');
			INSERT INTO note VALUES (1, 'alice', 'hers', true), (2, 'bob', 'his', false);
			INSERT INTO comment VALUES (1, 1), (2, 2);
			INSERT INTO event VALUES (1, 'alice');
			""";

	private final AtomicInteger count = new AtomicInteger();

	/**
	 * Create new {@link SecuredDatabases}.
	 */
	public SecuredDatabases() {
		super("secured", SCHEMA);
	}

	/**
	 * Return the major version of the server.
	 */
	int version() throws SQLException {
		try (Connection connection = connect("postgres")) {
			return connection.getMetaData().getDatabaseMajorVersion();
		}
	}

	/**
	 * Create a further database.
	 * @param fault what is wrong with it, executed as superuser
	 * @return the name
	 */
	public String create(String fault) throws SQLException {
		String name = copy("secured");
		execute(name, fault.replace("{}", name));
		return name;
	}

	/**
	 * Create a further database that is the same as another one.
	 */
	String copy(String database) throws SQLException {
		String name = "secured_" + this.count.incrementAndGet();
		execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + database);
		return name;
	}

	public DatabaseDefinition define(String address, String database, String... settings) {
		String[] all = Stream
			.concat(Stream.of("username", "app", "rls.enabled", "true", "rls.allow[0]", "function public.team()"),
					Stream.of(settings))
			.toArray(String[]::new);
		return Definitions.of("notes", "postgresql://" + address + "/" + database, all);
	}

	/**
	 * Verify row-level security of a database.
	 * @param database the name, which parameters of the URL may follow
	 * @param settings keys and values in turn
	 * @return the details, or {@code null}
	 */
	public @Nullable Map<String, Object> verify(String database, String... settings) throws SQLException {
		return verify(define(address(), database, settings));
	}

	static @Nullable Map<String, Object> verify(DatabaseDefinition definition) throws SQLException {
		return new RlsVerification().prepare(definition, definition.connectionDetails().get());
	}

}
