package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.rls.RlsPool;
import io.appdbs.rls.WireTap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RlsVerification}: each fault is found, nothing else is, and each fix
 * that is reported removes the finding.
 */
@ExtendWith(OutputCaptureExtension.class)
class RlsVerificationTests {

	private static final String CLEAN = "SELECT 1";

	/** Two tables whose policies cannot be true without a user. */
	private static final String STRICT = """
			CREATE TABLE diary (owner text);
			CREATE TABLE letter (owner text);
			ALTER TABLE diary ENABLE ROW LEVEL SECURITY;
			ALTER TABLE letter ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON diary USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			CREATE POLICY own ON letter USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			GRANT SELECT, INSERT, UPDATE, DELETE ON diary, letter TO app;
			""";

	private static SecuredDatabases databases;

	@BeforeAll
	static void start() throws SQLException {
		databases = new SecuredDatabases();
	}

	@AfterAll
	static void stop() {
		databases.close();
	}

	@Test
	void whenPoliciesBindThenNothingIsFound() throws SQLException {
		assertThat(verify(databases.create(CLEAN))).isEqualTo(clean(5));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void whenThereIsAFaultThenItIsFoundAndFixed(Fault fault) throws SQLException {
		fault.assertFoundAndFixed(databases);
	}

	static List<Fault> faults() {
		return List.of(
				new Fault(diary("USING (true)"), "TODO", "TODO"),
				new Fault(diary("USING (1 = 1)"), "TODO", "TODO"),
				new Fault(diary("FOR DELETE USING (id IS NOT DISTINCT FROM id)"), "TODO", "TODO"),
				new Fault(diary("FOR SELECT TO app USING (current_user = 'app')"), "TODO", "TODO"),
				new Fault(diary("USING (NULLIF(current_setting('app.current_user_id', true), '') IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))"), "TODO", "TODO"),
				new Fault(diary("FOR SELECT USING (current_setting('app.current_user_id', true) IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))"), "TODO", "TODO"),
				new Fault(diary("FOR SELECT USING (owner IS NULL OR owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')))"), "TODO", "TODO"),
				new Fault(diary("USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (true)"), "TODO", "TODO"),
				new Fault(diary("FOR UPDATE USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), ''))) WITH CHECK (true)"), "TODO", "TODO"),
				new Fault(diary("FOR INSERT WITH CHECK (body <> '')"), "TODO", "TODO"),
				Fault.warn(diary("FOR SELECT USING (pinned AND id < 0)"), "TODO", "TODO"),
				new Fault(diary("FOR SELECT USING (id < 0)"), "TODO", "TODO"),
				Fault.warn(diary("FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.tenant', true), '')))"), "TODO", "TODO"),
				new Fault(diary("FOR SELECT USING (owner <> (SELECT NULLIF(current_setting('app.current_user_id', true), '')))"), "TODO", "TODO"),
				new Fault(diary("FOR SELECT USING (body = COALESCE((SELECT NULLIF(current_setting('app.current_user_id', true), '')), body))"), "TODO", "TODO"),
				Fault.warn(diary("FOR INSERT"), "TODO", "TODO"),
				Fault.warn(diary("USING (owner = (SELECT NULLIF(current_setting('app.current_user_id'), '')))"), "TODO", "TODO"),
				Fault.warn(diary("USING (id = (SELECT current_setting('app.current_user_id', true)::bigint))"), "TODO", "TODO"),
				Fault.warn(diary("USING (owner = (SELECT current_setting('app.current_user_id', true)))"), "TODO", "TODO"),
				Fault.warn(diary("USING (owner = NULLIF(current_setting('app.current_user_id', true), ''))"), "TODO", "TODO"),
				new Fault(
						"DROP POLICY own ON shared; CREATE POLICY own ON shared AS RESTRICTIVE FOR SELECT USING "
								+ "(owner = (SELECT me()))",
						"TODO",
						"TODO"),
				new Fault("CREATE FUNCTION lax() RETURNS text LANGUAGE sql STABLE AS $$ SELECT "
						+ "coalesce(NULLIF(current_setting('app.current_user_id', true), ''), 'alice') $$; ALTER "
						+ "POLICY own ON event USING (owner = (SELECT lax()))",
						"TODO",
						"TODO"));
	}

	/**
	 * A table with a right policy and another one.
	 */
	private static String diary(String policy) {
		return """
				CREATE TABLE diary (id bigint NOT NULL, owner text, body text, pinned boolean NOT NULL);
				ALTER TABLE diary ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON diary USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				CREATE POLICY other ON diary %s;
				GRANT SELECT, INSERT, UPDATE, DELETE ON diary TO app;
				""".formatted(policy);
	}

	@Test
	void whenThereAreSeveralFaultsThenAllAreFound() throws SQLException {
		String database = databases.create("""
				GRANT SELECT ON audit, event_alice TO app;
				CREATE VIEW all_audit AS SELECT * FROM audit;
				GRANT SELECT ON all_audit TO app;
				CREATE POLICY everything ON note USING (true);
				CREATE POLICY nothing ON note FOR SELECT USING (false);
				""");
		DatabaseStartException failure = failure(database);
		assertThat(failure).isNotNull();
		assertThat(failure.getMessage()).endsWith(
				"""
						does not hold:

						    [table-not-secured] table public.audit has no row-level security, but role app may SELECT there.
						    [table-not-secured] table public.event_alice lets role app SELECT past the policies of its parent public.event.
						    [policy-visible-without-user] policy everything on table public.note holds whoever the user is, also without any: USING (true).""");
	}

	@Test
	void whenFindingsAreOnlyWarnedOfThenEachIsLoggedAndReported(CapturedOutput output) throws SQLException {
		String database = databases.create("GRANT SELECT ON event_alice, audit TO app");
		Map<String, Object> details = verify(database, "rls.verify", "warn", "rls.exempt-tables", "audit");
		assertThat(details).isEqualTo(Map.of("prefixed", true, "tables", 6L, "findings",
				List.of(Map.of("id", "table-not-secured", "severity", "ERROR", "object", "table public.event_alice",
						"reason", "lets role app SELECT past the policies of its parent public.event", "fix",
						"ALTER TABLE public.event_alice ENABLE ROW LEVEL SECURITY;"))));
		assertThat(output).containsOnlyOnce("Row-level security of database 'notes': [table-not-secured] "
				+ "table public.event_alice lets role app SELECT past the policies of its parent public.event. "
				+ "Fix: ALTER TABLE public.event_alice ENABLE ROW LEVEL SECURITY;");
	}

	@Test
	void whenFindingsAreErrorsAndWarningsThenErrorsRejectTheDatabaseAndWarningsAreLoggedOnce(CapturedOutput output)
			throws SQLException {
		String database = databases.create("GRANT SELECT ON event_alice TO app; GRANT DELETE ON comment TO app");
		DatabaseDefinition definition = databases.define(databases.address(), database);
		RlsVerification verification = new RlsVerification();
		for (int attempt = 0; attempt < 2; attempt++) {
			assertThatExceptionOfType(DatabaseStartException.class)
				.isThrownBy(() -> verification.prepare(definition, definition.target().get()))
				.satisfies((failure) -> assertThat(failure.getDatabase()).isEqualTo("notes"))
				.satisfies((failure) -> assertThat(failure.getAction()).isEqualTo(
						"""
								Apply the following fixes, preferably in a migration:

								    ALTER TABLE public.event_alice ENABLE ROW LEVEL SECURITY;

								Declare what is public by intent in 'app.dbs.notes.rls.allow', and tables that need no policy in \
								'app.dbs.notes.rls.exempt-tables'. With 'app.dbs.notes.rls.verify: warn', findings are only logged."""))
				.withMessage("""
						Row-level security of database 'notes' (PostgreSQL at %s/%s) does not hold:

						    [table-not-secured] table public.event_alice lets role app SELECT past the policies of its \
						parent public.event.""".formatted(databases.address(), database));
		}
		assertThat(output)
			.containsOnlyOnce("Row-level security of database 'notes': [policy-missing] table public.comment has no "
					+ "policy for DELETE, which role app is granted, so it can reach no row. "
					+ "Fix: REVOKE DELETE ON public.comment FROM app;")
			.doesNotContain("[table-not-secured]");
	}

	@Test
	void whenNothingIsToBeVerifiedThenOnlyThePrefixIs() throws SQLException {
		String database = databases.create("GRANT SELECT ON audit TO app");
		assertThat(verify(database, "rls.verify", "off")).isEqualTo(Map.of("prefixed", true));
	}

	@Test
	void whenRowLevelSecurityIsNotEnabledThenNoConnectionIsOpened() throws SQLException {
		DatabaseDefinition definition = databases.define("localhost:1", "orders", "rls.enabled", "false");
		assertThat(new RlsVerification().prepare(definition, definition.target().get())).isNull();
	}

	@Test
	void whenStatementsRunAsAnotherRoleThenThatIsVerified() throws SQLException {
		String database = databases.create("CREATE ROLE proxy LOGIN NOINHERIT; GRANT app TO proxy");
		assertThat(verify(database, "username", "proxy", "rls.role", "app")).isEqualTo(clean(5));
	}

	@Test
	void whenSchemasAreNamedThenOthersAreLeftOut() throws SQLException {
		String database = databases.create("""
				GRANT USAGE ON SCHEMA hidden TO app;
				CREATE FUNCTION hidden.all_note() RETURNS SETOF note LANGUAGE sql SECURITY DEFINER AS
					$$ SELECT * FROM note $$;
				""");
		assertThat(verify(database, "rls.schemas", "public")).isEqualTo(clean(5));
		DatabaseStartException failure = failure(database, "rls.schemas", "hidden");
		assertThat(failure).isNotNull();
		assertThat(failure.getMessage()).endsWith(
				"""
						    [table-not-secured] table hidden.secret has no row-level security, but role app may SELECT there.
						    [routine-bypasses-policies] function hidden.all_note() runs with the rights of role postgres, which policies do not bind, \
						and role app may call it.""");
	}

	@Test
	void whenATableIsExemptThenSoAreItsPartitionsAndViewsOfIt() throws SQLException {
		String database = databases.create("""
				ALTER TABLE event DISABLE ROW LEVEL SECURITY;
				GRANT SELECT ON event_alice, audit TO app;
				CREATE VIEW all_event AS SELECT * FROM event;
				CREATE MATERIALIZED VIEW copied_event AS SELECT * FROM event;
				GRANT SELECT ON all_event, copied_event TO app;
				""");
		assertThat(verify(database, "rls.exempt-tables", "Event,public.audit")).isEqualTo(clean(4));
	}

	@Test
	void whenFlywayHasAnotherHistoryTableThenThatIsExempt() throws SQLException {
		String database = databases.create("ALTER TABLE flyway_schema_history RENAME TO versions");
		assertThat(verify(database, "flyway.table", "versions")).isEqualTo(clean(5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "simple", "extended", "extendedForPrepared", "extendedCacheEverything" })
	void thePrefixIsUsedWhereTheDriverSendsBothStatementsTogether(String mode) throws SQLException {
		DatabaseDefinition definition = databases.define(databases.address(),
				databases.create(CLEAN) + "?preferQueryMode=" + mode);
		assertThat(new RlsVerification().prepare(definition, definition.target().get())).containsEntry("prefixed",
				!mode.equals("simple"));
	}

	@Test
	void whenThereAreManyTablesThenThereAreNoMoreRoundTrips() throws Exception {
		int few = countRoundTrips(databases.create(CLEAN));
		// what is sent in several packets may be answered in several
		assertThat(countRoundTrips(databases.create(tables(400)))).isLessThanOrEqualTo(few + 3);
	}

	@Test
	void whenOneOfManyTablesCannotBeReadThenTheOthersAreLookedAt() throws SQLException {
		String database = databases.create(tables(50) + """
				CREATE FUNCTION refuse() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'no user'; END $$;
				CREATE FUNCTION admit() RETURNS text LANGUAGE sql AS $$ SELECT 'alice' $$;
				ALTER POLICY own ON many_20 USING (owner = (SELECT refuse()));
				ALTER POLICY own ON many_30 USING (owner = (SELECT admit()));
				INSERT INTO many_20 VALUES ('alice');
				INSERT INTO many_30 VALUES ('alice');
				""");
		DatabaseStartException failure = failure(database);
		assertThat(failure).isNotNull();
		assertThat(failure.getMessage()).endsWith(
				"does not hold:\n\n    [policy-visible-without-user] table public.many_30 shows rows although there is no user.");
	}

	@Test
	void whenATableIsLargeThenAPartIsLookedAt() throws SQLException {
		String database = databases.create("""
				CREATE FUNCTION admit() RETURNS text LANGUAGE sql AS $$ SELECT 'alice' $$;
				ALTER POLICY own ON event USING (owner = (SELECT admit()));
				INSERT INTO event SELECT i, 'alice' FROM generate_series(1, 300000) i;
				ANALYZE event_alice;
				""");
		DatabaseStartException failure = failure(database);
		assertThat(failure).isNotNull();
		assertThat(failure.getMessage()).endsWith(
				"does not hold:\n\n    [policy-visible-without-user] table public.event shows rows although there is no user.");
	}

	@Test
	void whenATableIsLockedThenTheFailureIsOneToTryAgainAfter() throws Exception {
		String database = databases.create(CLEAN);
		try (Connection connection = databases.connect(database); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("LOCK TABLE note");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> verify(database))
				.withMessage("ERROR: canceling statement due to lock timeout");
		}
	}

	@Test
	void whenTheServerDoesNotAnswerThenThatIsAFinding(CapturedOutput output) throws SQLException {
		String database = databases.create("REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC");
		DatabaseStartException failure = failure(database);
		assertThat(failure).isNotNull();
		assertThat(failure.getMessage()).isEqualTo(
				"""
						Row-level security of database 'notes' (PostgreSQL at %s/%s) does not hold:

						    [unverifiable] row-level security cannot be verified on this server, which says: ERROR: permission denied for table pg_policy."""
					.formatted(databases.address(), database));
		assertThat(failure.getAction()).startsWith(
				"""
						Apply the following fixes, preferably in a migration:

						    Let it answer, or make sure in another way that policies bind and set 'app.dbs.notes.rls.verify' to 'warn' or 'off'.
						""");
		assertThat(verify(database, "rls.verify", "warn")).containsEntry("prefixed", true).containsEntry("tables", 0L);
		assertThat(output).contains("Row-level security of database 'notes': "
				+ "[unverifiable] row-level security cannot be verified on this server, which says: ERROR: permission denied for table pg_policy.");
		assertThat(verify(database, "rls.verify", "off")).isEqualTo(Map.of("prefixed", true));
	}

	@Test
	void whenTheServerCannotTellWhetherPoliciesAreInForceThenAllTablesAreRead() throws SQLException {
		String database = databases.create(STRICT + """
				ALTER FUNCTION pg_catalog.row_security_active(oid) RENAME TO row_security_is_active;
				ALTER FUNCTION pg_catalog.row_security_active(text) RENAME TO row_security_is_active;
				""");
		assertThat(verify(database)).isEqualTo(clean(7));
		Awaitility.await().untilAsserted(() -> assertThat(readTables(database)).contains("diary", "letter"));
	}

	@Test
	void whenPoliciesAreStrictAndTheSameThenOneTableIsReadAndOfTheOthersTheServerTells() throws SQLException {
		String database = databases.create(STRICT);
		assertThat(verify(database)).isEqualTo(clean(7));
		Awaitility.await()
			.untilAsserted(() -> assertThat(readTables(database)).contains("diary").doesNotContain("letter"));
	}

	@Test
	void whenTheSameConditionNamesItsTableThenEachIsToldWithItsOwn() throws SQLException {
		String database = databases.create("""
				CREATE TABLE page_a (note_id bigint);
				CREATE TABLE page_b (note_id bigint);
				ALTER TABLE page_a ENABLE ROW LEVEL SECURITY;
				ALTER TABLE page_b ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON page_a USING (note_id IS NULL OR EXISTS (SELECT FROM note n WHERE n.id = note_id));
				CREATE POLICY own ON page_b USING (note_id IS NULL OR EXISTS (SELECT FROM note n WHERE n.id = note_id));
				GRANT SELECT ON page_a, page_b TO app;
				""");
		DatabaseStartException failure = failure(database);
		assertThat(failure).isNotNull();
		for (String table : List.of("page_a", "page_b")) {
			assertThat(failure.getMessage())
				.contains("policy own on table public.%s holds whoever the user is, also without any: USING (("
					.formatted(table))
				.contains("n.id = %s.note_id".formatted(table));
		}
	}

	/**
	 * Return the tables that were scanned since the database was created, by connections
	 * that have ended.
	 */
	private static List<String> readTables(String database) throws SQLException {
		try (Connection connection = databases.connect(database); Statement statement = connection.createStatement()) {
			return RlsPool.read(statement
				.executeQuery("SELECT relname FROM pg_stat_user_tables WHERE seq_scan + coalesce(idx_scan, 0) > 0"));
		}
	}

	private static String tables(int count) {
		return """
				DO $$ BEGIN FOR i IN 1..%d LOOP
				EXECUTE format('CREATE TABLE many_%%s (owner text)', i);
				EXECUTE format('ALTER TABLE many_%%s ENABLE ROW LEVEL SECURITY', i);
				EXECUTE format('CREATE POLICY own ON many_%%s USING (owner = (SELECT me()))', i);
				EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON many_%%s TO app', i);
				END LOOP; END $$;
				""".formatted(count);
	}

	private static int countRoundTrips(String database) throws Exception {
		try (WireTap tap = new WireTap(databases.address())) {
			DatabaseDefinition definition = databases.define(tap.address(), database);
			assertThat(new RlsVerification().prepare(definition, definition.target().get())).containsEntry("findings",
					List.of());
			return tap.getRoundTrips();
		}
	}

	private static Map<String, Object> clean(long tables) {
		return Map.of("prefixed", true, "tables", tables, "findings", List.of());
	}

	private static @Nullable DatabaseStartException failure(String database, String... settings) throws SQLException {
		try {
			verify(database, settings);
			return null;
		}
		catch (DatabaseStartException ex) {
			return ex;
		}
	}

	private static @Nullable Map<String, Object> verify(String database, String... settings) throws SQLException {
		DatabaseDefinition definition = databases.define(databases.address(), database, settings);
		return new RlsVerification().prepare(definition, definition.target().get());
	}

}
