package io.appdbs.rls;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.ScopedSelection;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for row-level security of databases that are added at run time.
 */
class RuntimeRlsTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final List<String> USERS = List.of("alice", "bob");

	private static final List<String> TENANTS = List.of("tenant-acme", "tenant-globex", "tenant-initech");

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("template_notes", """
			CREATE ROLE app LOGIN;
			CREATE TABLE note (tenant text NOT NULL, owner text NOT NULL);
			CREATE POLICY own ON note
				USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
			ALTER TABLE note ENABLE ROW LEVEL SECURITY;
			GRANT SELECT, INSERT ON note TO app;
			""");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs-runtime.template.username=app", "app.dbs-runtime.template.rls.enabled=true",
				"app.dbs-runtime.template.privileges.verify=off", "app.dbs-runtime.template.pool.max-size=2",
				"app.dbs-runtime.max-connections=4", "app.dbs-routes.tenants.engine=postgresql",
				"app.dbs-routes.tenants.databases=tenant-*");

	@BeforeAll
	static void createDatabases() throws SQLException {
		for (String tenant : TENANTS) {
			server.execute("postgres", "CREATE DATABASE \"%s\" TEMPLATE template_notes".formatted(tenant));
			server.execute(tenant,
					"INSERT INTO note SELECT '%s', owner FROM unnest(ARRAY['alice', 'bob']) owner".formatted(tenant));
		}
	}

	@Test
	void eachUserSeesTheirOwnRowsOfTheTenant() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			JdbcClient route = context.getBean("tenantsJdbcClient", JdbcClient.class);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			for (String tenant : TENANTS) {
				JdbcClient client = add(databases, tenant).getBean(JdbcClient.class);
				for (String user : USERS) {
					List<String> own = List.of(tenant + " " + user);
					RlsContextHolder.runAs(RlsContext.of(user), () -> {
						assertThat(rows(client)).isEqualTo(own);
						ScopedSelection.run(tenant, () -> {
							assertThat(rows(route)).isEqualTo(own);
							assertThat(transactions.<List<String>>execute((status) -> rows(route))).isEqualTo(own);
						});
					});
				}
				assertNoUser(() -> rows(client));
				assertNoUser(() -> ScopedSelection.run(tenant, () -> rows(route)));
				assertNoUser(() -> databases.get(tenant)
					.getTransactionTemplate()
					.executeWithoutResult((status) -> rows(client)));
			}
		});
	}

	@Test
	void aDatabaseWithoutPoliciesStaysDown() throws SQLException {
		server.execute("postgres", "CREATE DATABASE open_notes TEMPLATE template_notes");
		server.execute("open_notes", "ALTER TABLE note DISABLE ROW LEVEL SECURITY; INSERT INTO note VALUES ('a', 'b')");
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database open = databases.add("tenant-open", RuntimeDatabaseSettings.ofUrl(url("open_notes")));
			TestDatabases.await(() -> open.getState() == DatabaseState.DOWN);
			assertThat(open.getSnapshot().outage().reason()).isEqualTo(
					"""
							Row-level security of database 'tenant-open' (PostgreSQL at %s/open_notes) does not hold:

							    [table-not-secured] table public.note has no row-level security, but role app may SELECT, INSERT there."""
						.formatted(server.address()));
			RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
				assertThatException().isThrownBy(() -> rows(open.getBean(JdbcClient.class)))
					.havingRootCause()
					.withMessageStartingWith("Database 'tenant-open' is down since ");
				assertThatException().isThrownBy(() -> ScopedSelection.run("tenant-open",
						() -> rows(context.getBean("tenantsJdbcClient", JdbcClient.class))));
			});
			server.execute("open_notes", "ALTER TABLE note ENABLE ROW LEVEL SECURITY");
			assertThat(open.awaitUp(LONG)).isTrue();
			assertThat(RlsContextHolder.<List<String>>supplyAs(RlsContext.of("alice"),
					() -> rows(open.getBean(JdbcClient.class))))
				.isEmpty();
		});
	}

	@Test
	void theSameNameWithOtherSettingsSharesNothing() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			JdbcClient route = context.getBean("tenantsJdbcClient", JdbcClient.class);
			JdbcClient first = add(databases, "tenant-acme").getBean(JdbcClient.class);
			RlsContextHolder.runAs(RlsContext.of("alice"), () -> assertThat(rows(first)).hasSize(1));
			databases.remove("tenant-acme");
			Database second = databases.add("tenant-acme",
					RuntimeDatabaseSettings.ofUrl(url("tenant-globex")).set("rls.settings[0].name", "app.other_user"));
			assertThat(second.awaitUp(LONG)).isTrue();
			RlsContextHolder.runAs(RlsContext.of("alice"), () -> assertThatException()
				.isThrownBy(() -> rows(second.getBean(JdbcClient.class)))
				.havingRootCause()
				.withMessage(
						"Database 'tenant-acme': the context has a value for 'app.current_user_id', which is not a setting of the database. Known: app.other_user. Add it to 'rls.settings', or leave it out of the context."));
			databases.remove("tenant-acme");
			Database third = databases.add("tenant-acme", RuntimeDatabaseSettings.ofUrl(url("tenant-globex")));
			assertThat(third.awaitUp(LONG)).isTrue();
			RlsContextHolder.runAs(RlsContext.of("bob"), () -> {
				assertThat(rows(third.getBean(JdbcClient.class))).containsExactly("tenant-globex bob");
				ScopedSelection.run("tenant-acme", () -> assertThat(rows(route)).containsExactly("tenant-globex bob"));
				assertThatException().isThrownBy(() -> rows(first))
					.havingRootCause()
					.withMessageStartingWith("Database 'tenant-acme' was removed at ");
			});
		});
	}

	/**
	 * The providers do not depend on which databases have been added before.
	 */
	@Test
	void aProviderWithTheNameOfADatabaseIsForThisOneOnly() {
		this.runner.withUserConfiguration(Providers.class)
			.withPropertyValues("app.dbs.tenant-configured.url=" + url("tenant-initech"),
					"app.dbs.tenant-configured.username=app", "app.dbs.tenant-configured.rls.enabled=true",
					"app.dbs.tenant-configured.privileges.verify=off")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				JdbcClient globex = add(databases, "tenant-globex").getBean(JdbcClient.class);
				assertThat(rows(globex)).containsExactly("tenant-globex bob");
				assertThat(rows(databases.get("tenant-configured").getBean(JdbcClient.class)))
					.containsExactly("tenant-initech bob");
				JdbcClient acme = add(databases, "tenant-acme").getBean(JdbcClient.class);
				assertThat(rows(acme)).containsExactly("tenant-acme alice");
				databases.remove("tenant-globex");
				assertThat(rows(add(databases, "tenant-globex").getBean(JdbcClient.class)))
					.containsExactly("tenant-globex bob");
			});
	}

	@Test
	void nobodySeesRowsOfOthersWhileDatabasesAreAddedAndRemoved() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			JdbcClient route = context.getBean("tenantsJdbcClient", JdbcClient.class);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			for (String tenant : TENANTS) {
				add(databases, tenant);
			}
			AtomicBoolean ended = new AtomicBoolean();
			Set<String> wrong = new TreeSet<>();
			LongAdder read = new LongAdder();
			List<String> names = new ArrayList<>(TENANTS);
			ConcurrentTasks.run(9, (thread) -> {
				if (thread == 0) {
					for (int i = 0; i < 12; i++) {
						String tenant = names.get(i % names.size());
						databases.remove(tenant);
						add(databases, tenant);
					}
					ended.set(true);
				}
				while (!ended.get()) {
					String tenant = names.get(ThreadLocalRandom.current().nextInt(names.size()));
					String user = USERS.get(ThreadLocalRandom.current().nextInt(USERS.size()));
					List<String> rows = read(tenant, user, route, transactions);
					if (rows != null) {
						read.increment();
					}
					if (rows != null && !rows.equals(List.of(tenant + " " + user))) {
						synchronized (wrong) {
							wrong.add("%s %s: %s".formatted(tenant, user, rows));
						}
					}
				}
				return null;
			});
			assertThat(wrong).isEmpty();
			assertThat(read.sum()).isPositive();
		});
	}

	/**
	 * Reads as a user, or returns {@code null} if the database has been removed.
	 */
	private static List<String> read(String tenant, String user, JdbcClient client, TransactionTemplate transactions) {
		try {
			return RlsContextHolder.supplyAs(RlsContext.of(user),
					() -> ScopedSelection.supply(tenant, () -> transactions.execute((status) -> rows(client))));
		}
		catch (DatabaseSelectionException | TransactionException ex) {
			return null;
		}
	}

	private static void assertNoUser(Runnable work) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(work::run)
			.havingRootCause()
			.isInstanceOf(RlsContextException.class);
	}

	private static List<String> rows(JdbcClient client) {
		return client.sql("SELECT tenant || ' ' || owner FROM note").query(String.class).list();
	}

	private static Database add(Databases databases, String tenant) throws InterruptedException {
		Database database = databases.add(tenant, RuntimeDatabaseSettings.ofUrl(url(tenant)));
		assertThat(database.awaitUp(LONG)).as("%s", database.getLastFailure()).isTrue();
		return database;
	}

	private static String url(String database) {
		return "postgresql://%s/%s".formatted(server.address(), database);
	}

	@Configuration(proxyBeanMethods = false)
	static class Providers {

		@Bean
		@Qualifier("tenant-acme")
		RlsContextProvider acme() {
			return () -> RlsContext.of("alice");
		}

		@Bean
		RlsContextProvider everybody() {
			return () -> RlsContext.of("bob");
		}

	}

}
