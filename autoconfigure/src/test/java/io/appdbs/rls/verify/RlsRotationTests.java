package io.appdbs.rls.verify;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.DatabaseCredentials;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.credentials.AbstractCredentialsTests;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for credentials that change to those of a role that policies do not bind.
 */
class RlsRotationTests extends AbstractCredentialsTests {

	@BeforeAll
	static void createTables() throws Exception {
		execute("""
				ALTER ROLE bert BYPASSRLS;
				CREATE TABLE note (owner text);
				INSERT INTO note VALUES ('alice'), ('bob');
				ALTER TABLE note ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON note
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT ON note TO anna, bert;
				""");
	}

	@AfterAll
	static void dropTables() throws Exception {
		execute("ALTER ROLE bert NOBYPASSRLS; DROP TABLE note");
	}

	@Test
	void whenNewCredentialsAreOfARoleThatPoliciesDoNotBindThenTheFormerOnesStay() {
		AtomicReference<DatabaseCredentials> credentials = new AtomicReference<>(credentials("anna", 0));
		runner((name) -> credentials.get(), "app.dbs.orders.rls.enabled=true",
				"app.dbs.orders.credentials.refresh-interval=1h")
			.run((context) -> {
				credentials.set(credentials("bert", 0));
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate())
					.withMessage(
							"The credentials of database 'orders' were not replaced: newer credentials are not used: "
									+ "Row-level security of database 'orders' (PostgreSQL at %s) does not hold:\n\n"
										.formatted(serverUrl().replace("jdbc:postgresql://", ""))
									+ "    [role-bypassrls] role bert has BYPASSRLS, so no policy binds it.");
				assertThat(usage(context).rotations()).isZero();
				assertThat(owners(context)).containsExactly("alice");
				assertThat(usage(context).failure()).startsWith("newer credentials are not used");
			});
	}

	@Test
	void whenFindingsAreOnlyWarnedOfThenNewCredentialsAreUsed() {
		AtomicReference<DatabaseCredentials> credentials = new AtomicReference<>(credentials("anna", 0));
		runner((name) -> credentials.get(), "app.dbs.orders.rls.enabled=true", "app.dbs.orders.rls.verify=warn",
				"app.dbs.orders.credentials.refresh-interval=1h")
			.run((context) -> {
				credentials.set(credentials("bert", 0));
				context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
				assertThat(owners(context)).containsExactlyInAnyOrder("alice", "bob");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "warn", "off" })
	void whenNewCredentialsBeginAsAnotherRoleThenTheFormerOnesStay(String verify) throws Exception {
		execute("CREATE ROLE reader ; GRANT SELECT ON note TO reader; GRANT reader TO bert; "
				+ "ALTER ROLE bert SET role = 'reader'");
		try {
			AtomicReference<DatabaseCredentials> credentials = new AtomicReference<>(credentials("anna", 0));
			runner((name) -> credentials.get(), "app.dbs.orders.rls.enabled=true",
					"app.dbs.orders.rls.verify=" + verify, "app.dbs.orders.credentials.refresh-interval=1h")
				.run((context) -> {
					credentials.set(credentials("bert", 0));
					assertThatExceptionOfType(IllegalDatabaseOperationException.class)
						.isThrownBy(() -> context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate())
						.withMessage(
								"The credentials of database 'orders' were not replaced: newer credentials are not "
										+ "used: Sessions of database 'orders' begin as role reader, but statements have run as "
										+ "their login since it was opened.");
					assertThat(owners(context)).containsExactly("alice");
				});
		}
		finally {
			execute("ALTER ROLE bert RESET role; DROP OWNED BY reader; DROP ROLE reader");
		}
	}

	@Test
	void whenNewCredentialsAreOfABoundRoleThenTheyAreUsed() throws Exception {
		AtomicReference<DatabaseCredentials> credentials = new AtomicReference<>(credentials("anna", 0));
		runner((name) -> credentials.get(), "app.dbs.orders.rls.enabled=true",
				"app.dbs.orders.credentials.refresh-interval=1h")
			.run((context) -> {
				setPassword("anna", "s3cr3t-anna-1");
				credentials.set(credentials("anna", 1));
				context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
				assertThat(usage(context).failure()).isNull();
				assertThat(owners(context)).containsExactly("alice");
			});
	}

	private static List<String> owners(ApplicationContext context) {
		return RlsContextHolder.supplyAs(RlsContext.of("alice"),
				() -> context.getBean(JdbcTemplate.class).queryForList("SELECT owner FROM note", String.class));
	}

}
