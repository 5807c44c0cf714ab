package io.appdbs.audit.rows;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.lifecycle.VerificationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RowAuditVerification}: each fault is found, nothing else is, and each
 * statement that is reported removes the finding.
 */
class RowAuditVerificationTests {

	@RegisterExtension
	private static final AuditedDatabases databases = new AuditedDatabases();

	@Test
	void whenChangesAreRecordedThenNothingIsFound() throws SQLException {
		assertThat(databases.verify("audited"))
			.isEqualTo(Map.of("tables", 1L, "log", "audit.log", "findings", List.of()));
	}

	@Test
	void whenTheLogIsAChainThenNothingIsFound() throws SQLException {
		assertThat(databases.findings(databases.createChained())).isEmpty();
	}

	@Test
	void whenARuleOrTriggerDoesNotApplyToNewEntriesThenNothingIsFound() throws SQLException {
		assertThat(databases.findings(databases
			.create("""
					CREATE RULE keep AS ON DELETE TO audit.log DO INSTEAD NOTHING;
					CREATE RULE off AS ON INSERT TO audit.log DO INSTEAD NOTHING;
					ALTER TABLE audit.log DISABLE RULE off;
					CREATE FUNCTION notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
					CREATE TRIGGER after_entry AFTER INSERT ON audit.log FOR EACH ROW EXECUTE FUNCTION notice();
					CREATE TRIGGER before_change BEFORE UPDATE OR DELETE ON audit.log FOR EACH ROW EXECUTE FUNCTION notice();
					CREATE TRIGGER per_statement BEFORE INSERT ON audit.log FOR EACH STATEMENT EXECUTE FUNCTION notice();
					""")))
			.isEmpty();
	}

	@Test
	void whenTheLogIsPartitionedThenAFaultIsFoundOnce() throws SQLException {
		String database = databases
			.create("""
					DROP SCHEMA audit CASCADE;
					SET ROLE migration;
					%s
					CREATE TABLE audit.log_old PARTITION OF audit.log FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
					CREATE TABLE audit.log_new PARTITION OF audit.log FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
					CREATE FUNCTION audit.drop_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
					CREATE TRIGGER filter BEFORE INSERT ON audit.log FOR EACH ROW EXECUTE FUNCTION audit.drop_entry();
					CREATE TRIGGER filter_old BEFORE INSERT ON audit.log_old FOR EACH ROW EXECUTE FUNCTION audit.drop_entry();
					"""
				.formatted(AuditedDatabases.read("row-audit.sql")
					.replace("PRIMARY KEY (id)\n);", "PRIMARY KEY (id, at)\n) PARTITION BY RANGE (at);")));
		String found = "ERROR [log-trigger] trigger %s on table audit.%s fires before INSERT, so it can discard or change an entry. ALTER TABLE audit.%2$s DISABLE TRIGGER %1$s;";
		assertThat(databases.findings(database)).containsExactly(found.formatted("filter", "log"),
				found.formatted("filter_old", "log_old"));
		databases.execute(database,
				"ALTER TABLE audit.log DISABLE TRIGGER filter; ALTER TABLE audit.log_old DISABLE TRIGGER filter_old; ALTER TABLE audit.log_new ENABLE TRIGGER filter");
		assertThat(databases.findings(database)).containsExactly(found.formatted("filter", "log_new"));
	}

	@Test
	void whenTablesArePartitionedOrHaveChildrenThenAllAreVerified() throws SQLException {
		String database = databases
			.create("""
					SET ROLE migration;
					CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day);
					CREATE TABLE event_old PARTITION OF event FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
					CREATE TABLE event_new PARTITION OF event FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
					CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON event
						FOR EACH ROW EXECUTE FUNCTION audit.record();
					CREATE TRIGGER audit_truncate AFTER TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION audit.record();
					CREATE TABLE employee () INHERITS (person);
					""");
		String[] settings = { "audit.rows.tables[1]", "event" };
		assertThat(databases.findings(database, settings)).containsExactly(
				"ERROR [trigger-missing] table public.employee has no trigger that records INSERT, UPDATE, DELETE in audit.log. CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.employee FOR EACH ROW EXECUTE FUNCTION audit.record();");
		databases.execute(database,
				"CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.employee FOR EACH ROW EXECUTE FUNCTION audit.record(); ALTER TABLE event_old DISABLE TRIGGER audit_rows; GRANT TRUNCATE ON event_new TO app");
		assertThat(databases.findings(database, settings)).containsExactly(
				"WARN [truncate-granted] login app may TRUNCATE public.event_new, which is recorded without the values of the rows. REVOKE TRUNCATE ON public.event_new FROM app;",
				"ERROR [trigger-missing] table public.event_new has no trigger that records TRUNCATE in audit.log. CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.event_new FOR EACH STATEMENT EXECUTE FUNCTION audit.record();",
				"ERROR [trigger-disabled] trigger audit_rows on table public.event_old is disabled, so INSERT, UPDATE, DELETE is not recorded. ALTER TABLE public.event_old ENABLE TRIGGER audit_rows;");
		assertThat(databases.verify(database, "audit.rows.tables[1]", "event", "audit.rows.verify", "warn"))
			.containsEntry("tables", 5L);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("faults")
	void whenThereIsAFaultThenItIsFoundAndFixed(Fault fault) throws SQLException {
		String database = databases.create(fault.sql());
		try {
			assertThat(databases.findings(database, fault.settings()))
				.containsExactly(fault.finding() + " " + fault.fix());
			if (fault.finding().startsWith("ERROR")) {
				assertThatExceptionOfType(VerificationFailedException.class)
					.isThrownBy(() -> databases.verify(database, fault.settings()))
					.withMessageContaining(fault.finding().substring(6));
			}
			else {
				assertThat(databases.verify(database, fault.settings())).isNotNull();
			}
			if (fault.fix().endsWith(";")) {
				databases.execute(database, fault.fix());
				assertThat(databases.findings(database, fault.settings())).isEmpty();
			}
		}
		finally {
			databases.execute(database, "ALTER ROLE app NOSUPERUSER; ALTER ROLE app RESET session_replication_role; "
					+ "REVOKE migration, boss, auditor FROM app; REVOKE boss FROM auditor; ALTER ROLE boss NOSUPERUSER; "
					+ "REVOKE ALL ON PARAMETER session_replication_role FROM app, PUBLIC, boss");
		}
	}

	static Stream<Fault> faults() {
		return Stream.of(new Fault("DROP TRIGGER audit_rows ON person; DROP TRIGGER audit_truncate ON person",
				"ERROR [trigger-missing] table public.person has no trigger that records INSERT, UPDATE, DELETE, TRUNCATE in audit.log.",
				"CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.person FOR EACH ROW EXECUTE FUNCTION audit.record(); CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.person FOR EACH STATEMENT EXECUTE FUNCTION audit.record();"),
				new Fault("DROP TRIGGER audit_truncate ON person",
						"ERROR [trigger-missing] table public.person has no trigger that records TRUNCATE in audit.log.",
						"CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.person FOR EACH STATEMENT EXECUTE FUNCTION audit.record();"),
				new Fault(
						"DROP TRIGGER audit_rows ON person; CREATE TRIGGER partial_rows AFTER INSERT OR UPDATE ON person FOR EACH ROW EXECUTE FUNCTION audit.record()",
						"ERROR [trigger-missing] table public.person has no trigger that records DELETE in audit.log.",
						"CREATE TRIGGER audit_rows AFTER DELETE ON public.person FOR EACH ROW EXECUTE FUNCTION audit.record();"),
				new Fault(
						"DROP TRIGGER audit_rows ON person; CREATE TRIGGER early BEFORE INSERT OR UPDATE OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION audit.record()",
						"ERROR [trigger-missing] table public.person has no trigger that records INSERT, UPDATE, DELETE in audit.log.",
						"CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.person FOR EACH ROW EXECUTE FUNCTION audit.record();"),
				new Fault(
						"DROP TRIGGER audit_rows ON person; CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON person FOR EACH STATEMENT EXECUTE FUNCTION audit.record(); ALTER TRIGGER audit_rows ON person RENAME TO per_statement",
						"ERROR [trigger-missing] table public.person has no trigger that records INSERT, UPDATE, DELETE in audit.log.",
						"CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.person FOR EACH ROW EXECUTE FUNCTION audit.record();"),
				new Fault("ALTER TABLE person DISABLE TRIGGER audit_rows",
						"ERROR [trigger-disabled] trigger audit_rows on table public.person is disabled, so INSERT, UPDATE, DELETE is not recorded.",
						"ALTER TABLE public.person ENABLE TRIGGER audit_rows;"),
				new Fault("ALTER TABLE person ENABLE REPLICA TRIGGER audit_truncate",
						"ERROR [trigger-disabled] trigger audit_truncate on table public.person is disabled, so TRUNCATE is not recorded.",
						"ALTER TABLE public.person ENABLE TRIGGER audit_truncate;"),
				new Fault(
						"CREATE OR REPLACE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON person FOR EACH ROW WHEN (pg_trigger_depth() > 1) EXECUTE FUNCTION audit.record('iban', 'name')",
						"ERROR [trigger-conditional] trigger audit_rows on table public.person has a condition, so INSERT, UPDATE, DELETE is not always recorded.",
						"DROP TRIGGER audit_rows ON public.person; CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.person FOR EACH ROW EXECUTE FUNCTION audit.record('iban', 'name');"),
				new Fault(
						"CREATE OR REPLACE TRIGGER audit_rows AFTER INSERT OR UPDATE OF name OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION audit.record()",
						"ERROR [trigger-conditional] trigger audit_rows on table public.person fires for some columns only, so INSERT, UPDATE, DELETE is not always recorded.",
						"DROP TRIGGER audit_rows ON public.person; CREATE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON public.person FOR EACH ROW EXECUTE FUNCTION audit.record();"),
				new Fault(
						"CREATE OR REPLACE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN /* INSERT INTO audit.log */ RETURN NULL; END $$",
						"ERROR [trigger-missing] table public.person has no trigger that records INSERT, UPDATE, DELETE, TRUNCATE in audit.log.",
						"Create a function that inserts into audit.log, and its triggers, as in 'docs/row-audit.sql'."),
				new Fault("ALTER FUNCTION audit.record() OWNER TO app",
						"ERROR [owned-by-login] function audit.record() belongs to login app, or to a role whose rights it has or can get, so it can change what is recorded.",
						"ALTER FUNCTION audit.record() OWNER TO migration;"),
				new Fault("ALTER FUNCTION audit.record() SECURITY INVOKER",
						"ERROR [function-invoker] function audit.record() runs with the rights of its caller, who must not be able to write the log.",
						"ALTER FUNCTION audit.record() SECURITY DEFINER;"),
				new Fault("ALTER FUNCTION audit.record() RESET search_path",
						"ERROR [function-search-path] function audit.record() has no search_path of its own, so its caller decides which objects it uses.",
						"ALTER FUNCTION audit.record() SET search_path = pg_catalog, pg_temp;"),
				new Fault("ALTER FUNCTION audit.record() SET search_path = pg_catalog",
						"ERROR [function-search-path] function audit.record() looks for objects in temporary tables first, as pg_temp is not the last schema of its search_path.",
						"ALTER FUNCTION audit.record() SET search_path = pg_catalog, pg_temp;"),
				new Fault(
						"GRANT CREATE ON SCHEMA public TO app; ALTER FUNCTION audit.record() SET search_path = public, pg_temp",
						"ERROR [function-search-path] function audit.record() looks for objects in schema public, where login app can create them.",
						"ALTER FUNCTION audit.record() SET search_path = pg_catalog, pg_temp;"),
				new Fault("GRANT INSERT, TRUNCATE ON audit.log TO app",
						"ERROR [log-writable] login app may INSERT, TRUNCATE audit.log.",
						"REVOKE INSERT, TRUNCATE ON audit.log FROM app;"),
				new Fault("GRANT UPDATE (user_id) ON audit.log TO PUBLIC",
						"ERROR [log-writable] login app may UPDATE audit.log.",
						"REVOKE UPDATE ON audit.log FROM PUBLIC;"),
				new Fault("GRANT DELETE, TRIGGER ON audit.log TO boss; GRANT boss TO app",
						"ERROR [log-writable] login app may DELETE, TRIGGER audit.log.",
						"REVOKE DELETE, TRIGGER ON audit.log FROM boss;"),
				new Fault(
						"GRANT DELETE ON audit.log TO boss; GRANT boss TO auditor WITH SET FALSE; GRANT auditor TO app WITH INHERIT FALSE",
						"ERROR [log-writable] login app may DELETE audit.log.",
						"REVOKE DELETE ON audit.log FROM boss;"),
				new Fault("CREATE RULE quiet AS ON INSERT TO audit.log DO INSTEAD NOTHING",
						"ERROR [log-rule] rule quiet on table audit.log applies to INSERT, so an entry may be discarded, changed or removed.",
						"ALTER TABLE audit.log DISABLE RULE quiet;"),
				new Fault("CREATE RULE \"Sweep\" AS ON INSERT TO audit.log DO ALSO DELETE FROM audit.log",
						"ERROR [log-rule] rule \"Sweep\" on table audit.log applies to INSERT, so an entry may be discarded, changed or removed.",
						"ALTER TABLE audit.log DISABLE RULE \"Sweep\";"),
				new Fault(
						"CREATE FUNCTION drop_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER filter BEFORE INSERT OR UPDATE ON audit.log FOR EACH ROW EXECUTE FUNCTION drop_entry()",
						"ERROR [log-trigger] trigger filter on table audit.log fires before INSERT, so it can discard or change an entry.",
						"ALTER TABLE audit.log DISABLE TRIGGER filter;"),
				new Fault(
						"ALTER TABLE audit.log ADD hash bytea; CREATE FUNCTION drop_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF random() > 2 THEN RETURN NULL; END IF; NEW.hash := NULL; RETURN NEW; END $$; CREATE TRIGGER chain BEFORE INSERT ON audit.log FOR EACH ROW EXECUTE FUNCTION drop_entry()",
						"ERROR [log-trigger] trigger chain on table audit.log fires before INSERT, so it can discard or change an entry.",
						"ALTER TABLE audit.log DISABLE TRIGGER chain;"),
				new Fault("ALTER TABLE audit.log OWNER TO app",
						"ERROR [owned-by-login] table audit.log belongs to login app, or to a role whose rights it has or can get, so it can change what was recorded.",
						"ALTER TABLE audit.log OWNER TO migration;"),
				new Fault("ALTER SCHEMA audit OWNER TO app",
						"ERROR [owned-by-login] schema audit belongs to login app, or to a role whose rights it has or can get, so it can drop what is in it.",
						"ALTER SCHEMA audit OWNER TO migration;"),
				new Fault("ALTER TABLE person OWNER TO app",
						"ERROR [owned-by-login] table public.person belongs to login app, or to a role whose rights it has or can get, so it can disable its triggers.",
						"ALTER TABLE public.person OWNER TO migration;"),
				new Fault("ALTER ROLE app SUPERUSER",
						"ERROR [login-superuser] login app is a superuser, so it can disable triggers and change the log.",
						"ALTER ROLE app NOSUPERUSER;"),
				new Fault("ALTER ROLE boss SUPERUSER; GRANT boss TO app",
						"ERROR [login-superuser] login app can become role boss, a superuser, which can disable triggers and change the log.",
						"REVOKE boss FROM app;"),
				new Fault("GRANT SET ON PARAMETER session_replication_role TO app",
						"ERROR [triggers-suspendable] login app may set session_replication_role, so it can turn off the triggers of its session.",
						"REVOKE SET ON PARAMETER session_replication_role FROM app;"),
				new Fault("ALTER ROLE app SET session_replication_role = replica",
						"ERROR [triggers-suspendable] login app has sessions whose session_replication_role is 'replica', in which triggers do not fire.",
						"ALTER ROLE app RESET session_replication_role;"),
				new Fault("GRANT TRUNCATE ON person TO app",
						"WARN [truncate-granted] login app may TRUNCATE public.person, which is recorded without the values of the rows.",
						"REVOKE TRUNCATE ON public.person FROM app;"),
				new Fault("ALTER TABLE person RENAME COLUMN iban TO account",
						"WARN [excluded-column-unknown] trigger audit_rows on table public.person is not to record the values of iban, which the table does not have.",
						"Write the columns as the table has them: id, name, account."),
				new Fault("SELECT 1",
						"WARN [user-not-recorded] function audit.record() does not read the setting app.tenant, in which the user is.",
						"Let it insert nullif(current_setting('app.tenant', true), '').", "rls.enabled", "true",
						"rls.settings[0].name", "app.tenant"),
				new Fault("SELECT 1", "ERROR [unknown-table] table missing does not exist.",
						"Correct 'app.dbs.orders.audit.rows.tables', or create the table in a migration.",
						"audit.rows.tables[1]", "missing"),
				new Fault("CREATE VIEW people AS SELECT * FROM person",
						"ERROR [unknown-table] public.people is not a table.",
						"Write the tables that have the rows as 'app.dbs.orders.audit.rows.tables'.",
						"audit.rows.tables[1]", "people"),
				new Fault("SELECT 1", "ERROR [unknown-table] table audit.journal does not exist.",
						"Correct 'app.dbs.orders.audit.rows.log', or create the table in a migration.",
						"audit.rows.log", "audit.journal"));
	}

	@Test
	void whenTheLoginCanBecomeTheOwnerThenAllThatBelongsToTheOwnerIsFound() throws SQLException {
		databases.execute("GRANT migration TO app WITH INHERIT FALSE");
		try {
			assertThat(databases.findings("audited")).extracting((finding) -> finding.split(" belongs")[0])
				.containsExactly("ERROR [owned-by-login] table public.person",
						"ERROR [owned-by-login] function audit.record()", "ERROR [owned-by-login] table audit.log",
						"ERROR [owned-by-login] schema audit");
		}
		finally {
			databases.execute("REVOKE migration FROM app");
		}
	}

	@Test
	void whenPgAuditIsOnlyNamedInASettingThenItIsNotReported() throws SQLException {
		String database = databases.create("SELECT 1");
		databases.execute("ALTER DATABASE " + database + " SET pgaudit.log = 'write'");
		assertThat(databases.verify(database)).doesNotContainKey("serverAudit");
	}

	@Test
	void whenNothingIsAuditedThenNoConnectionIsOpened() throws SQLException {
		assertThat(databases.verify("missing", "audit.rows.verify", "off")).isNull();
	}

	@Test
	void whenChangesAreNotRecordedThenTheFailureHasAllFindingsAndFixes() throws SQLException {
		String database = databases.create("ALTER TABLE person DISABLE TRIGGER ALL; GRANT DELETE ON audit.log TO app");
		assertThatExceptionOfType(VerificationFailedException.class).isThrownBy(() -> databases.verify(database))
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("""
					Apply the following fixes, preferably in a migration:

					    ALTER TABLE public.person ENABLE TRIGGER audit_rows;
					    ALTER TABLE public.person ENABLE TRIGGER audit_truncate;
					    REVOKE DELETE ON audit.log FROM app;

					With 'app.dbs.orders.audit.rows.verify: warn', findings are only logged."""))
			.withMessage(
					"""
							Row audit of database 'orders' (PostgreSQL at %s) has gaps:

							    [trigger-disabled] trigger audit_rows on table public.person is disabled, so INSERT, UPDATE, DELETE is not recorded.
							    [trigger-disabled] trigger audit_truncate on table public.person is disabled, so TRUNCATE is not recorded.
							    [log-writable] login app may DELETE audit.log."""
						.formatted(databases.address() + "/" + database));
	}

	/**
	 * What can be wrong with a database.
	 *
	 * @param sql causes it
	 * @param finding what is reported, with the severity
	 * @param fix the fix that is reported
	 * @param settings keys and values in turn
	 */
	record Fault(String sql, String finding, String fix, String... settings) {

		@Override
		public String toString() {
			return this.sql + " " + String.join(" ", this.settings);
		}

	}

}
