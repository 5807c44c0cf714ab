package io.appdbs.routing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import io.appdbs.Databases;
import io.appdbs.rls.RlsContextHolder;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcPreparedStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for routes: their beans, and which database a unit of work uses.
 */
class RoutesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false",
				"app.dbs.tenant-acme.url=jdbc:h2:mem:routes-acme",
				"app.dbs.tenant-globex.url=jdbc:h2:mem:routes-globex", "app.dbs.shared.url=jdbc:h2:mem:routes-shared",
				"app.dbs-routes.tenants.engine=h2", "app.dbs-routes.tenants.databases=tenant-*");

	@Test
	void everyBeanOfARouteUsesTheSelectedDatabase() {
		this.runner.run((context) -> {
			for (String tenant : List.of("acme", "globex", "acme")) {
				ScopedSelection.run("tenant-" + tenant, () -> {
					assertThat(databaseOf(context)).isEqualTo("ROUTES-" + tenant.toUpperCase());
					assertThat(context.getBean("tenantsJdbcTemplate", JdbcTemplate.class)
						.queryForObject("SELECT DATABASE()", String.class)).isEqualTo("ROUTES-" + tenant.toUpperCase());
					String inTransaction = transactions(context).execute((status) -> databaseOf(context));
					assertThat(inTransaction).isEqualTo("ROUTES-" + tenant.toUpperCase());
				});
			}
			assertThat(ScopedSelection.getDatabase()).isNull();
			assertThat(context.getBean("tenantsDataSource")).isInstanceOf(RoutingDataSource.class);
		});
	}

	@Test
	void noBeanOfARouteIsInjectedWithoutItsQualifier() {
		this.runner.withPropertyValues("app.dbs.shared.primary=true").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("sharedDataSource"));
			assertThat(context.getBean(JdbcClient.class)).isSameAs(context.getBean("sharedJdbcClient"));
			assertThat(context.getBean(TransactionTemplate.class))
				.isSameAs(context.getBean("sharedTransactionTemplate"));
		});
	}

	@Test
	void withoutASelectionBorrowingFails() {
		this.runner.run((context) -> {
			String message = "Route 'tenants': No database was selected. Select one before the transaction begins, with ScopedSelection.run(...) or a DatabaseSelector bean.";
			assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(() -> databaseOf(context))
				.withMessage(message);
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> transactions(context).execute((status) -> databaseOf(context)))
				.withMessage(message)
				.satisfies((ex) -> assertThat(ex.getDatabase()).isNull())
				.satisfies((ex) -> assertThat(ex.getRoute()).isEqualTo("tenants"));
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					shared         | Route 'tenants': 'shared' was selected, which 'app.dbs-routes.tenants.databases' does not include. Select another database, or add it there.
					tenant-unknown | Route 'tenants': 'tenant-unknown' was selected, but cannot be used. No database named 'tenant-unknown'. Known: tenant-acme, tenant-globex, shared, tenant-documents, tenant-other. Select another one, configure it below 'app.dbs', or add it with Databases.add before it is selected.
					tenant-documents | Route 'tenants': database 'tenant-documents' was selected, whose engine is 'mongodb', but 'app.dbs-routes.tenants.engine' is 'h2'. All databases of a route have the same engine.
					tenant-other   | Route 'tenants': database 'tenant-other' was selected, whose engine is 'postgresql', but 'app.dbs-routes.tenants.engine' is 'h2'. All databases of a route have the same engine.
					""")
	void aDatabaseThatTheRouteCannotUseIsAnError(String selected, String message) {
		this.runner
			.withPropertyValues("app.dbs.tenant-documents.url=embedded:mongodb",
					"app.dbs.tenant-other.url=embedded:postgresql")
			.run((context) -> assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> ScopedSelection.supply(selected, () -> databaseOf(context)))
				.withMessage(message)
				.satisfies((ex) -> assertThat(ex.getDatabase()).isEqualTo(selected)));
	}

	@Test
	void aDifferentSelectionWithinATransactionIsAnErrorAndTheTransactionRollsBack() {
		this.runner.run((context) -> {
			createTables(context);
			ScopedSelection.run("tenant-acme", () -> assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> transactions(context).executeWithoutResult((status) -> {
					insert(context);
					ScopedSelection.run("tenant-globex", () -> insert(context));
				}))
				.withMessage(
						"Route 'tenants': The transaction uses database 'tenant-acme', and 'tenant-globex' was selected within it. One transaction has one database."));
			assertThat(counts(context)).containsExactly(Map.entry("tenant-acme", 0), Map.entry("tenant-globex", 0));
		});
	}

	@Test
	void aStatementThatIsExecutedUnderADifferentSelectionIsAnError() {
		this.runner.run((context) -> {
			createTables(context);
			DataSource dataSource = context.getBean("tenantsDataSource", DataSource.class);
			ScopedSelection.call("tenant-acme", () -> {
				try (Connection connection = dataSource.getConnection();
						PreparedStatement insert = connection.prepareStatement("INSERT INTO item VALUES (1)");
						Statement statement = connection.createStatement()) {
					insert.addBatch();
					assertThat(insert.getConnection()).isSameAs(connection);
					assertThat(insert.isWrapperFor(JdbcPreparedStatement.class)).isTrue();
					for (Callable<Object> call : List.<Callable<Object>>of(insert::executeUpdate, insert::executeBatch,
							() -> statement.execute("INSERT INTO item VALUES (1)"),
							() -> statement.getConnection().createStatement(),
							() -> connection.unwrap(JdbcConnection.class))) {
						assertThatExceptionOfType(DatabaseSelectionException.class)
							.isThrownBy(() -> ScopedSelection.call("tenant-globex", call))
							.withMessage(
									"Route 'tenants': The connection is one of database 'tenant-acme', and 'tenant-globex' has been selected since it was borrowed. Borrow a connection after each selection.");
					}
					return insert.executeBatch();
				}
			});
			assertThat(counts(context)).containsExactly(Map.entry("tenant-acme", 1), Map.entry("tenant-globex", 0));
		});
	}

	@Test
	void aSelectionThatEndsBeforeTheTransactionPreventsTheCommit() {
		this.runner.withUserConfiguration(Selector.class).run((context) -> {
			createTables(context);
			Selector.selected = "tenant-acme";
			assertThatExceptionOfType(DatabaseSelectionException.class)
				.isThrownBy(() -> transactions(context).executeWithoutResult((status) -> {
					insert(context);
					Selector.selected = null;
				}))
				.withMessage(
						"Route 'tenants': The transaction uses database 'tenant-acme', and no database is selected any more. Keep the selection until it has ended.");
			assertThat(counts(context)).containsExactly(Map.entry("tenant-acme", 0), Map.entry("tenant-globex", 0));
		});
	}

	@Test
	void anIndependentTransactionSelectsAnew() {
		this.runner.run((context) -> {
			createTables(context);
			TransactionTemplate independent = new TransactionTemplate(transactions(context).getTransactionManager());
			independent.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			ScopedSelection.run("tenant-acme", () -> assertThatIllegalStateException()
				.isThrownBy(() -> transactions(context).executeWithoutResult((status) -> {
					insert(context);
					ScopedSelection.run("tenant-globex",
							() -> independent.executeWithoutResult((inner) -> insert(context)));
					insert(context);
					throw new IllegalStateException("rolls back");
				})));
			assertThat(counts(context)).containsExactly(Map.entry("tenant-acme", 0), Map.entry("tenant-globex", 1));
		});
	}

	@Test
	void aSelectorBeanSelectsUnlessAScopeDoes() {
		this.runner.withUserConfiguration(Selector.class).run((context) -> {
			Selector.selected = "tenant-globex";
			assertThat(databaseOf(context)).isEqualTo("ROUTES-GLOBEX");
			String scoped = ScopedSelection.call("tenant-acme", () -> databaseOf(context));
			assertThat(scoped).isEqualTo("ROUTES-ACME");
			Selector.selected = null;
			assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(() -> databaseOf(context));
		});
	}

	@Test
	void exceptionsNameTheSelectedDatabase() {
		this.runner.run((context) -> assertThatExceptionOfType(org.springframework.jdbc.BadSqlGrammarException.class)
			.isThrownBy(() -> ScopedSelection.supply("tenant-acme",
					() -> context.getBean("tenantsJdbcClient", JdbcClient.class)
						.sql("SELECT 1 FROM missing")
						.query()
						.listOfRows()))
			.withMessageContaining("Database 'tenant-acme': "));
	}

	@Test
	void theSelectionIsRestoredAfterAFailure() {
		ScopedSelection.run("a", () -> {
			assertThatIllegalStateException().isThrownBy(() -> ScopedSelection.run("b", () -> {
				assertThat(ScopedSelection.getDatabase()).isEqualTo("b");
				throw new IllegalStateException();
			}));
			assertThat(ScopedSelection.getDatabase()).isEqualTo("a");
		});
		assertThat(ScopedSelection.getDatabase()).isNull();
		assertThat(RlsContextHolder.getContext()).isNull();
	}

	private static void createTables(ApplicationContext context) {
		for (String name : List.of("tenant-acme", "tenant-globex")) {
			context.getBean(Databases.class)
				.get(name)
				.getBean(JdbcClient.class)
				.sql("CREATE TABLE item (id INT)")
				.update();
		}
	}

	private static Map<String, Integer> counts(ApplicationContext context) {
		Map<String, Integer> counts = new java.util.TreeMap<>();
		for (String name : List.of("tenant-acme", "tenant-globex")) {
			counts.put(name,
					context.getBean(Databases.class)
						.get(name)
						.getBean(JdbcClient.class)
						.sql("SELECT COUNT(*) FROM item")
						.query(Integer.class)
						.single());
		}
		return counts;
	}

	private static void insert(ApplicationContext context) {
		context.getBean("tenantsJdbcClient", JdbcClient.class).sql("INSERT INTO item VALUES (1)").update();
	}

	private static String databaseOf(ApplicationContext context) {
		return context.getBean("tenantsJdbcClient", JdbcClient.class)
			.sql("SELECT DATABASE()")
			.query(String.class)
			.single();
	}

	private static TransactionTemplate transactions(ApplicationContext context) {
		return context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Selector {

		private static volatile String selected;

		@Bean
		@Qualifier("tenants")
		DatabaseSelector tenantSelector() {
			return () -> selected;
		}

	}

}
