package io.appdbs.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.appdbs.Database;
import io.appdbs.DatabaseStartException;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.Causes;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.rls.PostgresServer;
import io.appdbs.rls.verify.RlsVerification;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a server that reports the version of YugabyteDB. It is a PostgreSQL whose
 * login finds another function for it, so only the recognition is tested, and what
 * follows from it.
 */
class RecognizedServerTests {

	private static final String SCHEMA = """
			CREATE ROLE app LOGIN;
			CREATE SCHEMA yugabyte;
			GRANT USAGE ON SCHEMA yugabyte TO app;
			CREATE FUNCTION yugabyte.version() RETURNS text LANGUAGE sql AS $$
				SELECT 'PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang' $$;
			ALTER ROLE app SET search_path = yugabyte, pg_catalog, public;
			CREATE FUNCTION yugabyte.refuse() RETURNS boolean LANGUAGE plpgsql AS $$
			BEGIN
				RAISE EXCEPTION 'advisory locks are not yet implemented' USING ERRCODE = '0A000';
			END $$;
			CREATE FUNCTION yugabyte.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS
				$$ SELECT yugabyte.refuse() $$;
			CREATE FUNCTION yugabyte.pg_try_advisory_xact_lock(bigint) RETURNS boolean LANGUAGE sql AS
				$$ SELECT yugabyte.refuse() $$;
			GRANT CREATE ON SCHEMA public TO app;
			CREATE TABLE public.note (owner text);
			ALTER TABLE public.note ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON public.note
				USING (owner = (SELECT nullif(current_setting('app.current_user_id', true), '')));
			GRANT SELECT ON public.note TO app;
			CREATE SEQUENCE public.attempts;
			GRANT ALL ON SEQUENCE public.attempts TO app;
			CREATE FUNCTION public.fail(message text) RETURNS void LANGUAGE plpgsql AS $$
			BEGIN
				IF nextval('public.attempts') < 3 THEN
					RAISE EXCEPTION USING MESSAGE = message, ERRCODE = 'XX000';
				END IF;
			END $$;
			""";

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("notes", SCHEMA);

	@TempDir
	private Path folder;

	private static ApplicationContextRunner runner(String scheme) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.notes.url=" + scheme + "://" + server.address() + "/notes",
					"app.dbs.notes.username=app", "app.dbs.notes.pool.max-size=2");
	}

	@Test
	void whenTheUrlIsThatOfTheProtocolThenTheServerIsRecognized() {
		runner("postgresql").run((context) -> {
			assertThat(context).hasNotFailed();
			Database database = context.getBean(Databases.class).get("notes");
			assertThat(database.getEngine()).isEqualTo("yugabytedb");
			assertThat(database.getSnapshot().server().version()).isEqualTo("PostgreSQL 15.12-YB-2025.1.0.0-b0");
			assertThat(database.getSnapshot().server().cluster()).isNull();
			assertThat(database.inspect().size().status()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(database.inspect().size().message()).isEqualTo(
					"YugabyteDB is not inspected: its views about sizes are not those of all nodes. Use the tools of YugabyteDB.");
		});
	}

	@Test
	void whenTheServerHasNoAdvisoryLocksThenTheFailureSaysWhatFlywayNeeds() throws IOException {
		Files.writeString(this.folder.resolve("V1__create.sql"), "CREATE TABLE item (name text)");
		runner("yugabytedb")
			.withPropertyValues("app.dbs.notes.flyway.locations=filesystem:" + this.folder,
					"app.dbs.notes.flyway.default-schema=public", "app.dbs.notes.flyway.baseline-on-migrate=true",
					"app.dbs.notes.flyway.baseline-version=0")
			.run((context) -> {
				assertThat(context).hasFailed();
				DatabaseStartException failure = Causes.find(DatabaseStartException.class, context.getStartupFailure());
				assertThat(failure).hasMessageStartingWith(
						"Database 'notes' (YugabyteDB) could not be migrated: the server has no advisory locks, with which Flyway keeps instances from migrating at the same time. The driver says: ERROR: advisory locks are not yet implemented");
				assertThat(failure.getAction()).isEqualTo(
						"Use a version of the server that has them, add the Flyway module org.flywaydb:flyway-database-yugabytedb, which locks a row on YugabyteDB, or migrate with Liquibase.");
			});
	}

	@Test
	void whenTheSchemaHasChangedThenTheTransactionIsRetried() {
		runner("yugabytedb").run((context) -> {
			assertThat(context).hasNotFailed();
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> template.queryForList("SELECT public.fail(?)",
					"schema version mismatch for table 0000: expected 1, got 0"));
			assertThat(template.queryForObject("SELECT last_value FROM attempts", Long.class)).isEqualTo(3);
			template.queryForList("SELECT setval('public.attempts', 1, false)");
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> transaction
				.executeWithoutResult((status) -> template.queryForList("SELECT public.fail(?)", "unexpected")));
			assertThat(template.queryForObject("SELECT last_value FROM attempts", Long.class)).isOne();
		});
	}

	@Test
	void rowLevelSecurityIsVerifiedAndReportedAsUntested() {
		runner("postgresql").withPropertyValues("app.dbs.notes.rls.enabled=true", "app.dbs.notes.rls.verify=fail")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Databases.class)
					.get("notes")
					.getSnapshot()
					.preparation(RlsVerification.NAME)
					.details()).extractingByKey("findings", InstanceOfAssertFactories.LIST)
					.singleElement()
					.hasToString(
							"{id=server-untested, severity=WARN, object=server YugabyteDB, reason=has the policies of PostgreSQL, which this verification has examined as such, but row-level security has not been tested with it}");
			});
	}

}
