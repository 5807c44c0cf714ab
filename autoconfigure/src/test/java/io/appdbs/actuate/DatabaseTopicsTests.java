package io.appdbs.actuate;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.Databases;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.inspection.support.DatabaseInspection;
import io.appdbs.rls.PostgresServer;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the topics of the {@link DatabasesEndpoint}.
 */
class DatabaseTopicsTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE ROLE guest LOGIN;
			CREATE TABLE purchase (id INT PRIMARY KEY, note TEXT);
			CREATE INDEX purchase_note ON purchase (note);
			CREATE INDEX purchase_note_again ON purchase (note);
			ANALYZE""");

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void topicsAreRead(WebApplicationType type) {
		try (ActuatorApplication application = run(type)) {
			Response size = application.get("/databases/orders/size");
			assertThat(size.status()).isEqualTo(200);
			assertThat(((Map<?, ?>) size.at("")).keySet())
				.hasToString("[status, takenAt, took, exact, leftOut, message, size]");
			assertThat(size.at("status")).isEqualTo("OK");
			assertThat((Integer) size.at("size.bytes")).isPositive();
			assertThat(size.at("took").toString()).startsWith("PT");
			assertThat(application.get("/databases/orders/tables").at("tables[0].name")).isEqualTo("public.purchase");
			Response indexes = application.get("/databases/orders/indexes?fresh=true");
			assertThat((List<?>) indexes.at("indexes")).hasSize(3);
			assertThat(application.get("/databases/orders/activity").at("activity.sessions")).isEqualTo(List.of());
			Response statements = application.get("/databases/orders/statements");
			assertThat(statements.status()).isEqualTo(200);
			assertThat(statements.at("status")).isEqualTo("UNSUPPORTED");
			assertThat(statements.at("statements")).isNull();
			Response findings = application.get("/databases/orders/findings");
			assertThat(findings.at("status")).isEqualTo("OK");
			assertThat(findings.at("findings[0].id")).isEqualTo("duplicate-index:public.purchase_note_again");
			assertThat(findings.at("findings[0].severity")).isEqualTo("WARN");
			assertThat(findings.at("checks.unused-index.status")).isEqualTo("UNSUPPORTED");
			assertThat(findings.at("statisticsSince")).isNotNull();
			assertThat(application.get("/databases/catalog/size").at("status")).isEqualTo("UNAVAILABLE");
		}
	}

	@Test
	void aTableIsDescribed() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET)) {
			Response purchase = application.get("/databases/orders/tables?name=public.purchase");
			assertThat(purchase.status()).isEqualTo(200);
			assertThat(purchase.at("status")).isEqualTo("OK");
			assertThat(purchase.at("table.name")).isEqualTo("public.purchase");
			assertThat(purchase.at("table.columns[0]"))
				.hasToString("{name=id, type=integer, family=number, nullable=false}");
			assertThat(purchase.at("table.primaryKey")).isEqualTo(List.of("id"));
			assertThat(purchase.at("table.indexes[0]"))
				.hasToString("{name=purchase_note, columns=[\"note\"], unique=false, valid=true, partial=false}");
			Response down = application.getAs("operator", "/databases/catalog/tables?name=product");
			assertThat(down.status()).isEqualTo(200);
			assertThat(down.at("status")).isEqualTo("UNAVAILABLE");
			assertThat(down.at("message").toString())
				.startsWith("Database 'catalog': Failed to obtain JDBC Connection");
			assertThat(application.getAs("guest", "/databases/catalog/tables?name=product").at("message"))
				.isEqualTo("******");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					/databases/orders/sizes | 404 | Databases have no topic 'sizes'. Known: size, tables, indexes, activity, statements, findings, maintenance, caches.
					/databases/orders/maintenance?fresh=true | 400 | The topic 'maintenance' has no parameters.
					/databases/order/size | 404 | No database named 'order'. Known: orders, catalog.
					/databases/order/sizes | 404 | No database named 'order'. Known: orders, catalog.
					/databases/orders/size?name=purchase | 400 | 'name' is for the topic 'tables', without 'fresh'.
					/databases/orders/tables?name=purchase&fresh=true | 400 | 'name' is for the topic 'tables', without 'fresh'.
					/databases/orders/tables?name=purchases | 400 | Database 'orders' has no table 'purchases' in: public. Did you mean 'purchase'? Known tables: purchase.
					/databases/orders/tables?name=a+b | 400 | 'a b' is not the name of a table. Write 'table' or 'schema.table', with double quotes around a part that has capital letters or other characters than letters, digits, '_' and '$'.""")
	void wrongRequestsAreAnsweredWithAMessage(String path, int status, String message) {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET)) {
			Response response = application.get(path);
			assertThat(response.status()).isEqualTo(status);
			assertThat(response.at("message")).isEqualTo(message);
		}
	}

	@Test
	void theGrantForALoginIsAValue() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET,
				"app.dbs.orders.inspection.username=guest")) {
			Response hidden = application.getAs("guest", "/databases/orders/findings");
			assertThat(hidden.at("status")).isEqualTo("INSUFFICIENT_RIGHTS");
			assertThat(hidden.at("fix")).isEqualTo("******");
			assertThat(hidden.at("checks.long-transaction.fix")).isEqualTo("******");
			assertThat(application.getAs("operator", "/databases/orders/findings").at("checks.long-transaction.fix"))
				.isEqualTo("GRANT pg_monitor TO guest;");
		}
	}

	@Test
	void statementsAndLoginsAreValues() throws Exception {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET);
				Connection other = server.connect();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT 'private'");
			Response hidden = application.getAs("guest", "/databases/orders/activity");
			assertThat(hidden.at("activity.sessions[0].statement")).isEqualTo("******");
			assertThat(hidden.at("activity.sessions[0].user")).isEqualTo("******");
			assertThat(hidden.body()).doesNotContain("private", "127.0.0.1", "postgres");
			Response shown = application.getAs("operator", "/databases/orders/activity");
			assertThat(shown.at("activity.sessions[0].statement")).isEqualTo("SELECT 'private'");
			assertThat(shown.at("activity.sessions[0].user")).isEqualTo("postgres");
			assertThat(application.getAs("guest", "/databases/catalog/size").at("message")).isEqualTo("******");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void plansOfSlowStatementsAreThereAlthoughTheServerDoesNotReportStatements(WebApplicationType type) {
		try (ActuatorApplication application = run(type, "app.dbs.orders.slow-query-threshold=50ms",
				"app.dbs.orders.slow-query-plan=true")) {
			assertThat(application.get("/databases/orders/statements").at("plans")).isEqualTo(List.of());
			String sql = "select pg_sleep(0.06), note from purchase where id = ?";
			JdbcTemplate template = application.context().getBean("ordersJdbcTemplate", JdbcTemplate.class);
			template.update("insert into purchase values (4711, '') on conflict do nothing");
			template.queryForList(sql, 4711);
			Awaitility.await()
				.until(() -> !List.of().equals(application.get("/databases/orders/statements").at("plans")));
			Response shown = application.getAs("operator", "/databases/orders/statements");
			assertThat(shown.at("status")).isEqualTo("UNSUPPORTED");
			assertThat(((Map<?, ?>) shown.at("plans[0]")).keySet())
				.hasToString("[status, statement, took, takenAt, plan]");
			assertThat(shown.at("plans[0].status")).isEqualTo("OK");
			assertThat(shown.at("plans[0].statement")).isEqualTo(sql);
			assertThat(shown.at("plans[0].took").toString()).startsWith("PT0.");
			assertThat(shown.at("plans[0].plan").toString()).contains("cost=");
			assertThat(shown.body()).doesNotContain("4711");
			Response hidden = application.getAs("guest", "/databases/orders/statements");
			assertThat(hidden.at("plans[0].statement")).isEqualTo("******");
			assertThat(hidden.at("plans[0].plan")).isEqualTo("******");
			assertThat(hidden.body()).doesNotContain("purchase", "cost=");
			DatabaseInspection inspection = (DatabaseInspection) application.context()
				.getBean(Databases.class)
				.get("orders")
				.inspect();
			inspection.addPlan(new StatementPlan(ReportStatus.UNAVAILABLE, "select 1", Duration.ZERO, Instant.EPOCH,
					null, "no password for clerk"));
			inspection.addPlan(new StatementPlan(ReportStatus.UNSUPPORTED, "select 2", Duration.ZERO, Instant.EPOCH,
					null, "It has none."));
			hidden = application.getAs("guest", "/databases/orders/statements");
			assertThat(hidden.at("plans[0].message")).isEqualTo("It has none.");
			assertThat(hidden.at("plans[1].message")).isEqualTo("******");
			assertThat(application.getAs("operator", "/databases/orders/statements").at("plans[1].message"))
				.isEqualTo("no password for clerk");
			assertThat(application.get("/databases/catalog/statements").body()).doesNotContain("plans");
		}
	}

	private static ActuatorApplication run(WebApplicationType type, String... properties) {
		return ActuatorApplication.run(type,
				(type == WebApplicationType.SERVLET) ? ActuatorSecurity.Servlet.class : ActuatorSecurity.Reactive.class,
				Stream.concat(Stream.of("app.dbs.orders.url=postgresql://postgres@" + server.address() + "/orders",
						"app.dbs.orders.pool.max-size=1", "app.dbs.catalog.url=postgresql://postgres@localhost:1/x",
						"app.dbs.catalog.required=false", "management.endpoint.databases.show-values=when-authorized",
						"management.endpoint.databases.roles=OPERATOR"), Stream.of(properties))
					.toArray(String[]::new));
	}

}
