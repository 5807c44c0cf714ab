package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import io.appdbs.DatabaseStartException;
import io.appdbs.rls.RlsPool;
import io.appdbs.rls.WireTap;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.settings.DatabaseDefinition;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	private static final String INTENDED = "If this is intended, declare it in 'app.dbs.notes.rls.allow'.";

	@RegisterExtension
	private static final SecuredDatabases databases = new SecuredDatabases();

	@Test
	void whenPoliciesBindThenNothingIsFound() throws SQLException {
		assertThat(databases.verify(databases.create(CLEAN))).isEqualTo(clean(5));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void whenThereIsAFaultThenItIsFoundAndFixed(Fault fault) throws SQLException {
		fault.assertFoundAndFixed(databases);
	}

	static List<Fault> faults() {
		return List.of(
				policy("FOR SELECT USING (true)", "policy-visible-without-user",
						"shows all rows without a user: USING (true)."),
				policy("FOR SELECT USING (1 = 1)", "policy-visible-without-user",
						"shows all rows without a user: USING ((1 = 1))."),
				policy("FOR DELETE USING (id IS NOT DISTINCT FROM id)", "policy-writable-without-user",
						"allows DELETE of all rows without a user: USING ((NOT (id IS DISTINCT FROM id)))."),
				policy("FOR SELECT TO app USING (current_user = 'app')", "policy-visible-without-user",
						"shows all rows without a user: USING ((CURRENT_USER = 'app'::name))."),
				policy("FOR SELECT USING ({user} IS NULL OR owner = {user})", "policy-visible-without-user",
						"shows all rows without a user: USING ((({stored user} IS NULL) OR (owner = {stored user})))."),
				policy("FOR SELECT USING ((SELECT current_setting('app.current_user_id', true)) IS NULL OR owner = {user})",
						"policy-visible-without-user",
						"shows all rows without a user, where no setting was ever set: USING (((( SELECT current_setting('app.current_user_id'::text, true) AS current_setting) IS NULL) OR (owner = {stored user})))."),
				policy("FOR SELECT USING (owner IS NULL OR owner = {user})", "policy-visible-without-user",
						"shows rows without an owner (owner IS NULL) without a user: USING (((owner IS NULL) OR (owner = {stored user})))."),
				policy("FOR INSERT WITH CHECK (true)", "policy-writable-without-user",
						"allows INSERT of all rows without a user: WITH CHECK (true)."),
				policy("FOR INSERT WITH CHECK (body <> '')", "policy-writable-without-user",
						"allows INSERT of all rows without a user: WITH CHECK ((body <> ''::text))."),
				policy("FOR UPDATE USING (owner = {user}) WITH CHECK (true)", "policy-gives-rows-away",
						"lets a user give own rows to others by an UPDATE that reads no column, which policies for SELECT do not restrict: WITH CHECK (true)."),
				policy(Severity.WARN, "FOR SELECT USING (pinned AND id < 0)", "policy-visible-without-user",
						"shows rows where pinned = true without a user: USING ((pinned AND (id < 0))).", INTENDED),
				policy(Severity.WARN, "FOR SELECT USING (body IN ('public', 'open'))", "policy-visible-without-user",
						"shows rows where body = 'public' or body = 'open' without a user: USING ((body = ANY (ARRAY['public'::text, 'open'::text]))).",
						INTENDED),
				policy(Severity.WARN, "FOR SELECT USING (body <> 'private')", "policy-visible-without-user",
						"shows rows where body <> 'private' without a user: USING ((body <> 'private'::text)).",
						INTENDED),
				policy("FOR SELECT USING (id < 0)", "policy-visible-without-user",
						"shows rows where id = -1 without a user: USING ((id < 0))."),
				policy("FOR SELECT USING (owner LIKE {user} || '%')", "policy-visible-to-stranger",
						"shows rows whose text starts with that of the user to users who do not own them: USING ((owner ~~ ({stored user} || '%'::text)))."),
				policy(Severity.WARN,
						"FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.tenant', true), '')))",
						"policy-reads-other-setting",
						"reads app.tenant, but 'app.dbs.notes.rls.settings' are app.current_user_id, app.current_user_role.",
						"Read one of these settings, or add the other one to 'app.dbs.notes.rls.settings'."),
				policy("FOR SELECT USING (owner <> {user})", "policy-visible-to-stranger",
						"shows all rows to users who do not own them: USING ((owner <> {stored user}))."),
				policy("FOR SELECT USING (owner = COALESCE({user}, owner))", "policy-visible-without-user",
						"shows all rows without a user: USING ((owner = COALESCE({stored user}, owner)))."),
				policy(Severity.WARN, "FOR INSERT", "policy-never-true",
						"is FOR INSERT, but has no WITH CHECK, so it allows nothing.",
						"ALTER POLICY other ON public.diary WITH CHECK ((owner = {stored user}));"),
				policy(Severity.WARN,
						"FOR SELECT USING (owner = (SELECT NULLIF(current_setting('app.current_user_id'), '')))",
						"policy-raises",
						"raises an error without a user: 42704 unrecognized configuration parameter \"app.current_user_id\": USING ((owner = ( SELECT NULLIF(current_setting('app.current_user_id'::text), ''::text) AS \"nullif\"))).",
						"ALTER POLICY other ON public.diary USING ((owner = ( SELECT {user} AS \"nullif\")));"),
				policy(Severity.WARN,
						"FOR SELECT USING (id = (SELECT current_setting('app.current_user_id', true)::bigint))",
						"policy-raises",
						"raises an error without a user: 22P02 invalid input syntax for type bigint: \"\": USING ((id = ( SELECT (current_setting('app.current_user_id'::text, true))::bigint AS current_setting))).",
						"ALTER POLICY other ON public.diary USING ((id = ( SELECT ({user})::bigint AS current_setting)));"),
				policy(Severity.WARN,
						"FOR SELECT USING (owner = (SELECT current_setting('app.current_user_id', true)))",
						"policy-visible-without-user",
						"shows rows where owner = '' without a user, where settings are empty: USING ((owner = ( SELECT current_setting('app.current_user_id'::text, true) AS current_setting))).",
						"ALTER POLICY other ON public.diary USING ((owner = ( SELECT {user} AS current_setting)));"),
				policy(Severity.INFO,
						"FOR SELECT USING (owner = NULLIF(current_setting('app.current_user_id', true), ''))",
						"policy-evaluated-per-row", "reads a setting for each row instead of once per statement.",
						"ALTER POLICY other ON public.diary USING ((owner = (SELECT NULLIF(current_setting('app.current_user_id'::text, true), ''::text))));"),
				policy("FOR SELECT USING (owner = {user} AND 1 / id > 0)", "policy-raises",
						"raises an error: 22012 division by zero: USING (((owner = {stored user}) AND ((1 / id) > 0)))."),
				new Fault(
						"DROP POLICY own ON shared; CREATE POLICY own ON shared AS RESTRICTIVE FOR SELECT USING (owner = (SELECT me()))",
						"[policy-writable-without-user] policy anyone on table public.shared allows INSERT, UPDATE, DELETE of all rows without a user: USING (true).",
						"ALTER POLICY anyone ON public.shared USING ((owner = ( SELECT public.me() AS me)));"),
				new Fault(
						"CREATE FUNCTION lax() RETURNS text LANGUAGE sql STABLE AS $$ SELECT coalesce(NULLIF(current_setting('app.current_user_id', true), ''), 'alice') $$; CREATE POLICY other ON event FOR SELECT USING ((SELECT lax()) <> '')",
						"[policy-visible-without-user] policy other on table public.event shows all rows without a user: USING ((( SELECT public.lax() AS lax) <> ''::text)).",
						"ALTER POLICY other ON public.event USING ((owner = ( SELECT public.me() AS me)));"),
				Fault.warn(
						"CREATE FUNCTION any_user() RETURNS text LANGUAGE sql AS $$ SELECT 'alice' $$; CREATE POLICY other ON event FOR SELECT USING (owner = any_user())",
						"[policy-unproved] table public.event has policies that could not be proved, as they depend on public.any_user(), which is VOLATILE and therefore not called.",
						"Mark the function as STABLE if it does not change anything."),
				Fault.warn(
						"CREATE FUNCTION is_shared(bigint) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT FROM shared WHERE id = $1) $$; CREATE POLICY other ON event FOR SELECT USING (is_shared(id))",
						"[policy-unproved] table public.event has policies that could not be proved, as they depend on public.is_shared(…), which reads tables.",
						"null"),
				new Fault(Severity.INFO,
						"CREATE FUNCTION latest() RETURNS text LANGUAGE sql STABLE AS $$ SELECT max(owner) FROM shared $$; CREATE POLICY other ON event FOR SELECT USING (owner = (SELECT latest()))",
						"[policy-assumes-function] policy other on table public.event is proved under the assumption that public.latest() returns what belongs to the user.",
						"null"),
				new Fault(
						"CREATE FUNCTION hers() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'alice' $$; REVOKE EXECUTE ON FUNCTION hers() FROM PUBLIC; CREATE POLICY other ON event FOR SELECT USING (owner = (SELECT hers()) AND owner = (SELECT me()))",
						"[policy-raises] policy other on table public.event raises an error: 42501, as role app may not execute public.hers().",
						"Grant EXECUTE on the function."),
				new Fault(
						"CREATE POLICY other ON comment FOR SELECT USING (note_id IN (SELECT c.note_id FROM comment c))",
						"[policy-raises] table public.comment raises an error: 42P17 infinite recursion detected in policy for relation \"comment\".",
						"null"));
	}

	/**
	 * Return an error in a policy that a restriction to the user fixes.
	 */
	private static Fault policy(String policy, String id, String reason) {
		return policy(Severity.ERROR, policy, id, reason,
				"ALTER POLICY other ON public.diary %s ((owner = {stored user}));"
					.formatted(policy.contains("WITH CHECK") ? "WITH CHECK" : "USING"));
	}

	/**
	 * Return what is wrong with a further policy of a table that has a right one.
	 */
	private static Fault policy(Severity severity, String policy, String id, String reason, String fix) {
		return new Fault(severity, """
				CREATE TABLE diary (id bigint NOT NULL, owner text, body text, pinned boolean NOT NULL);
				ALTER TABLE diary ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON diary USING (owner = {user});
				CREATE POLICY other ON diary %s;
				GRANT SELECT, INSERT, UPDATE, DELETE ON diary TO app;
				""".formatted(policy), "[%s] policy other on table public.diary %s".formatted(id, reason), fix);
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
		assertRejected(database).withMessageEndingWith(
				"""
						does not hold:

						    [table-not-secured] table public.audit has no row-level security, but role app may SELECT there.
						    [table-not-secured] table public.event_alice lets role app SELECT past the policies of its parent public.event.
						    [policy-visible-without-user] policy visible on table public.comment shows all rows without a user: USING ((note_id IN ( SELECT note.id FROM public.note))).
						    [policy-visible-without-user] policy everything on table public.note shows all rows without a user: USING (true).
						    [policy-writable-without-user] policy everything on table public.note allows INSERT, UPDATE, DELETE of all rows without a user: USING (true).
						    [view-visible-without-user] view public.forced shows rows without a user, as the policies that bind its owner let them through.""")
			.satisfies((failure) -> assertThat(failure.getAction()).startsWith(
					"""
							Apply the following fixes, preferably in a migration:

							    ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY; CREATE POLICY audit_rows ON public.audit USING (<column> = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
							    ALTER TABLE public.event_alice ENABLE ROW LEVEL SECURITY;
							    Fix table public.note first, which this policy reads.
							    ALTER POLICY everything ON public.note USING ((owner = ( SELECT NULLIF(current_setting('app.current_user_id'::text, true), ''::text) AS "nullif")));
							    Let the policies for the owner of the view"""));
	}

	@Test
	void whenFindingsAreOnlyWarnedOfThenEachIsLoggedAndReported(CapturedOutput output) throws SQLException {
		String database = databases.create("GRANT SELECT ON event_alice, audit TO app");
		Map<String, Object> details = databases.verify(database, "rls.verify", "warn", "rls.exempt-tables", "audit");
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
				.isThrownBy(() -> verification.prepare(definition, definition.connectionDetails().get()))
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
		assertThat(databases.verify(database, "rls.verify", "off")).isEqualTo(Map.of("prefixed", true));
	}

	@Test
	void whenRowLevelSecurityIsNotEnabledThenNoConnectionIsOpened() throws SQLException {
		assertThat(SecuredDatabases.verify(databases.define("localhost:1", "orders", "rls.enabled", "false"))).isNull();
	}

	@Test
	void whenStatementsRunAsAnotherRoleThenThatIsVerified() throws SQLException {
		String database = databases.create("CREATE ROLE proxy LOGIN NOINHERIT; GRANT app TO proxy");
		assertThat(databases.verify(database, "username", "proxy", "rls.role", "app")).isEqualTo(clean(5));
	}

	@Test
	void whenSchemasAreNamedThenOthersAreLeftOut() throws SQLException {
		String database = databases.create("""
				GRANT USAGE ON SCHEMA hidden TO app;
				CREATE FUNCTION hidden.all_note() RETURNS SETOF note LANGUAGE sql SECURITY DEFINER AS
					$$ SELECT * FROM note $$;
				""");
		assertThat(databases.verify(database, "rls.schemas", "public")).isEqualTo(clean(5));
		assertRejected(database, "rls.schemas", "hidden").withMessageEndingWith(
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
		assertThat(databases.verify(database, "rls.exempt-tables", "Event,public.audit")).isEqualTo(clean(4));
	}

	@Test
	void whenFlywayHasAnotherHistoryTableThenThatIsExempt() throws SQLException {
		String database = databases.create("ALTER TABLE flyway_schema_history RENAME TO versions");
		assertThat(databases.verify(database, "flyway.table", "versions")).isEqualTo(clean(5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "simple", "extended", "extendedForPrepared", "extendedCacheEverything" })
	void thePrefixIsUsedWhereTheDriverSendsBothStatementsTogether(String mode) throws SQLException {
		assertThat(databases.verify(databases.create(CLEAN) + "?preferQueryMode=" + mode)).containsEntry("prefixed",
				!mode.equals("simple"));
	}

	@Test
	void whenThereAreManyTablesThenThereAreNoMoreRoundTrips() throws Exception {
		int few = countRoundTrips(databases.create(CLEAN));
		// what is sent in several packets may be answered in several
		assertThat(countRoundTrips(databases.create(tables(400)))).isLessThanOrEqualTo(few + 3);
	}

	@Test
	void whenAPolicyRaisesAnErrorThenThoseOfOtherTablesAreProved() throws SQLException {
		String database = databases.create(tables(50) + """
				CREATE FUNCTION refuse() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE 'no user'; END $$;
				CREATE FUNCTION admit() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'alice' $$;
				ALTER POLICY own ON many_20 USING (owner = (SELECT refuse()));
				ALTER POLICY own ON many_30 USING ((SELECT admit()) IS NOT NULL);
				""");
		assertRejected(database).withMessageEndingWith(
				"""
						does not hold:

						    [policy-raises] policy own on table public.many_20 raises an error: P0001 no user: USING ((owner = ( SELECT public.refuse() AS refuse))).
						    [policy-visible-without-user] policy own on table public.many_30 shows all rows without a user: USING ((( SELECT public.admit() AS admit) IS NOT NULL)).
						    [policy-writable-without-user] policy own on table public.many_30 allows INSERT, UPDATE, DELETE of all rows without a user: USING ((( SELECT public.admit() AS admit) IS NOT NULL)).""");
	}

	@Test
	void whenATableIsLockedThenTheFailureIsOneToTryAgainAfter() throws Exception {
		String database = databases.create(CLEAN);
		try (Connection connection = databases.connect(database); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("LOCK TABLE note");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> databases.verify(database))
				.withMessage("ERROR: canceling statement due to lock timeout");
		}
	}

	@Test
	void whenTheServerDoesNotAnswerThenThatIsAFinding(CapturedOutput output) throws SQLException {
		String database = databases.create("REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC");
		assertRejected(database)
			.withMessage(
					"""
							Row-level security of database 'notes' (PostgreSQL at %s/%s) does not hold:

							    [unverifiable] row-level security cannot be verified on this server, which says: ERROR: permission denied for table pg_policy."""
						.formatted(databases.address(), database))
			.satisfies((failure) -> assertThat(failure.getAction()).startsWith(
					"""
							Apply the following fixes, preferably in a migration:

							    Let it answer, or make sure in another way that policies bind and set 'app.dbs.notes.rls.verify' to 'warn' or 'off'.
							"""));
		assertThat(databases.verify(database, "rls.verify", "warn")).containsEntry("prefixed", true)
			.containsEntry("tables", 0L);
		assertThat(output).contains("Row-level security of database 'notes': "
				+ "[unverifiable] row-level security cannot be verified on this server, which says: ERROR: permission denied for table pg_policy.");
		assertThat(databases.verify(database, "rls.verify", "off")).isEqualTo(Map.of("prefixed", true));
	}

	@Test
	void whenPoliciesAreProvedThenNoTableIsRead() throws SQLException {
		String database = databases.create(STRICT);
		databases.execute(database, "SELECT pg_stat_reset()");
		assertThat(databases.verify(database)).isEqualTo(clean(7));
		databases.execute(database, "SELECT * FROM letter");
		// what is read by a connection is counted when it ends
		Awaitility.await().untilAsserted(() -> assertThat(readTables(database)).containsExactly("letter"));
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
		ThrowableAssertAlternative<DatabaseStartException> rejection = assertRejected(database);
		for (String table : List.of("page_a", "page_b")) {
			rejection.withMessageContainingAll(
					"policy own on table public.%s shows rows without an owner (note_id IS NULL) without a user: "
						.formatted(table),
					"n.id = %s.note_id".formatted(table));
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
			assertThat(SecuredDatabases.verify(databases.define(tap.address(), database))).containsEntry("findings",
					List.of());
			return tap.getRoundTrips();
		}
	}

	private static Map<String, Object> clean(long tables) {
		return Map.of("prefixed", true, "tables", tables, "findings", List.of());
	}

	private static ThrowableAssertAlternative<DatabaseStartException> assertRejected(String database,
			String... settings) {
		return assertThatExceptionOfType(DatabaseStartException.class)
			.isThrownBy(() -> databases.verify(database, settings));
	}

}
