package io.appdbs.rls;

import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.DatabaseDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RlsVerification}: each fault is found, and nothing else.
 */
class RlsVerificationTests {

	private static SecuredDatabases databases;

	@BeforeAll
	static void start() throws Exception {
		databases = new SecuredDatabases();
	}

	@AfterAll
	static void stop() {
		databases.close();
	}

	@Test
	void whenPoliciesBindThenNothingIsFound() throws Exception {
		assertThat(verify(databases.create("SELECT 1"))).isEqualTo(Map.of("prefixed", true, "tables", 3, "findings", List.of()));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void whenThereIsAFaultThenItIsFoundAndMended(Fault fault) throws Exception {
		String database = databases.create(fault.sql());
		try {
		System.out.println("NOTHING " + fault + verify(database, fault.settings()));
		} catch (DatabaseStartException ex) { System.out.println("FAULT " + fault + "\n" + ex.getMessage() + "\n" + ex.getAction()); }
	}

	static List<Fault> faults() {
		return List.of(
				new Fault("CREATE ROLE boss LOGIN SUPERUSER", "", "", "username", "boss"),
				new Fault("CREATE ROLE free LOGIN BYPASSRLS; GRANT SELECT ON note TO free", "", "", "username", "free"),
				new Fault("CREATE ROLE root SUPERUSER; CREATE ROLE half; GRANT root TO half; CREATE ROLE climber LOGIN; GRANT half TO climber; GRANT SELECT ON note TO climber", "", "", "username", "climber"),
				new Fault("CREATE ROLE ghost BYPASSRLS; CREATE ROLE medium LOGIN NOINHERIT; GRANT ghost TO medium; GRANT SELECT ON note TO medium", "", "", "username", "medium"),
				new Fault("CREATE TABLE diary (id int, owner text); GRANT SELECT, UPDATE (owner) ON diary TO app", "", ""),
				new Fault("CREATE TABLE diary (id int, owner text); CREATE POLICY own ON diary USING (true); GRANT SELECT (id) ON diary TO app", "", ""),
				new Fault("ALTER TABLE note OWNER TO app; ALTER TABLE note NO FORCE ROW LEVEL SECURITY", "", ""),
				new Fault("CREATE ROLE guest LOGIN; GRANT keeper TO guest", "", "", "username", "guest"),
				new Fault("GRANT SELECT ON event_alice TO app", "", ""),
				new Fault("CREATE TABLE note_copy () INHERITS (note); GRANT DELETE ON note_copy TO app", "", ""),
				new Fault("CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE remote (id int) SERVER s; GRANT SELECT ON remote TO app", "", ""),
				new Fault("GRANT UPDATE, DELETE ON comment TO app", "", ""),
				new Fault("ALTER TABLE audit ENABLE ROW LEVEL SECURITY; GRANT SELECT ON audit TO app", "", ""),
				new Fault("CREATE POLICY everything ON note FOR SELECT USING (true)", "", ""),
				new Fault("CREATE POLICY everything ON note USING (1 = 1)", "", ""),
				new Fault("CREATE POLICY who ON note FOR SELECT TO app USING (current_user = 'app')", "", ""),
				new Fault("ALTER POLICY own ON note USING (current_setting('app.current_user_id', true) IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))", "", ""),
				new Fault("ALTER POLICY own ON note USING (NULLIF(current_setting('app.current_user_id', true), '') IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))", "", ""),
				new Fault("ALTER POLICY own ON note USING (owner IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))", "", ""),
				new Fault("ALTER POLICY own ON note WITH CHECK (true)", "", ""),
				new Fault("ALTER POLICY own ON note WITH CHECK (body <> '')", "", ""),
				new Fault("CREATE POLICY pinned ON note FOR SELECT USING (pinned IS TRUE AND id < 0)", "", ""),
				new Fault("CREATE POLICY tenant ON note FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.tenant', true), '')))", "", ""),
				new Fault("CREATE POLICY add ON event FOR INSERT", "", ""),
				new Fault("ALTER POLICY own ON note USING (owner = (SELECT NULLIF(current_setting('app.current_user_id'), '')))", "", ""),
				new Fault("ALTER POLICY own ON note USING (id = current_setting('app.current_user_id', true)::bigint)", "", ""),
				new Fault("ALTER POLICY own ON note USING (owner = current_setting('app.current_user_id', true))", "", ""),
				new Fault("CREATE VIEW all_note AS SELECT * FROM note; GRANT SELECT ON all_note TO app", "", ""),
				new Fault("CREATE VIEW inner_note AS SELECT * FROM note; CREATE VIEW outer_note WITH (security_invoker) AS SELECT * FROM inner_note; GRANT SELECT ON outer_note TO app", "", ""),
				new Fault("CREATE VIEW all_audit AS SELECT * FROM audit; GRANT SELECT ON all_audit TO app", "", ""),
				new Fault("CREATE MATERIALIZED VIEW count_note AS SELECT count(*) FROM note; GRANT SELECT ON count_note TO app", "", ""),
				new Fault("CREATE FUNCTION all_note() RETURNS SETOF note LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM note $$", "", ""),
				new Fault("CREATE PROCEDURE wipe(n int) LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM note $$", "", ""),
				new Fault("CREATE FUNCTION lax() RETURNS text LANGUAGE sql AS $$ SELECT coalesce(NULLIF(current_setting('app.current_user_id', true), ''), 'bob') $$; ALTER POLICY own ON note USING (owner = (SELECT lax()))", "", ""),
				new Fault("SELECT 1", "", "", "rls.exempt-tables", "note,nte,hidden.secret,other.note"),
				new Fault("SELECT 1", "", "", "rls.schemas", "public,publik"),
				new Fault("SELECT 1", "", "", "rls.role", "nobody"),
				new Fault("CREATE ROLE far", "", "", "rls.role", "far"));
	}

	private static Map<String, Object> verify(String database, String... settings) throws Exception {
		DatabaseDefinition definition = databases.define(databases.address(), database, settings);
		return new RlsVerification().prepare(definition, definition.target().get());
	}

	record Fault(String sql, String finding, String fix, String... settings) {

		@Override
		public String toString() {
			return this.sql;
		}

	}

}
