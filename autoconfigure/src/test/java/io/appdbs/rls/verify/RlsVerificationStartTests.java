package io.appdbs.rls.verify;

import java.util.List;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.rls.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the verification of row-level security does to the start.
 */
class RlsVerificationStartTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE ROLE app LOGIN;
			CREATE TABLE note (owner text);
			CREATE POLICY own ON note
				USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			GRANT SELECT ON note TO app;
			""");

	@Test
	void whenTheDatabaseIsRequiredThenTheApplicationDoesNotStart() {
		runner().run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = FailureText.analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).isEqualTo(
					"""
							Row-level security of database 'orders' (PostgreSQL at %s) does not hold:

							    [table-not-secured] table public.note has no row-level security, but role app may SELECT there."""
						.formatted(server.address() + "/orders"));
			assertThat(analysis.getAction()).isEqualTo(
					"""
							Apply the following fixes, preferably in a migration:

							    ALTER TABLE public.note ENABLE ROW LEVEL SECURITY;

							Declare what is public by intent in 'app.dbs.orders.rls.allow', and tables that need no policy in \
							'app.dbs.orders.rls.exempt-tables'. With 'app.dbs.orders.rls.verify: warn', findings are only logged.""");
		});
	}

	@Test
	void whenTheDatabaseIsOptionalThenItIsDownForThatReason() {
		runner().withPropertyValues("app.dbs.orders.required=false").run((context) -> {
			Databases databases = context.getBean(Databases.class);
			assertThat(databases.get("orders").getState()).isEqualTo(DatabaseState.DOWN);
			assertThat(databases.get("orders").getSnapshot().outage()).isNotNull()
				.satisfies(
						(outage) -> assertThat(outage.reason()).startsWith("Row-level security of database 'orders'"));
		});
	}

	@Test
	void whenFindingsAreOnlyWarnedOfThenTheyAreReported() {
		runner().withPropertyValues("app.dbs.orders.rls.verify=warn").run((context) -> {
			List<PreparationReport> reports = context.getBean(Databases.class)
				.get("orders")
				.getSnapshot()
				.preparations();
			assertThat(reports).singleElement().satisfies((report) -> {
				assertThat(report.name()).isEqualTo("row-level-security");
				assertThat(report.details()).containsOnlyKeys("prefixed", "tables", "findings");
			});
		});
	}

	@Test
	void whenRowLevelSecurityIsNotEnabledThenNothingIsReported() {
		runner().withPropertyValues("app.dbs.orders.rls.enabled=false")
			.run((context) -> assertThat(context.getBean(Databases.class).get("orders").getSnapshot().preparations())
				.isEmpty());
	}

	private static ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + server.address() + "/orders",
					"app.dbs.orders.username=app", "app.dbs.orders.rls.enabled=true",
					"app.dbs.orders.privileges.verify=off");
	}

}
