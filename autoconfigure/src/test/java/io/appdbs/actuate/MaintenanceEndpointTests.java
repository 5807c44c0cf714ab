package io.appdbs.actuate;

import java.util.List;
import java.util.Map;

import io.appdbs.rls.PostgresServer;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.audit.AuditEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the maintenance of databases through the {@link DatabasesEndpoint}.
 */
class MaintenanceEndpointTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE TABLE purchase (id INT PRIMARY KEY, pause FLOAT);
			INSERT INTO purchase SELECT i, 0.02 FROM generate_series(1, 1000) i;
			CREATE TABLE pair (id INT);
			CREATE FUNCTION slow(FLOAT) RETURNS FLOAT IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
			CREATE INDEX purchase_slow ON purchase (slow(pause));
			CREATE OR REPLACE FUNCTION slow(FLOAT) RETURNS FLOAT IMMUTABLE LANGUAGE plpgsql
			  AS 'BEGIN PERFORM pg_catalog.pg_sleep($1); RETURN $1; END'""");

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void aTaskIsPlannedAndExecuted(WebApplicationType type) {
		try (ActuatorApplication application = run(type)) {
			Response plan = application.post("/databases/orders",
					"{\"operation\":\"maintain\",\"task\":\"vacuum\",\"table\":\"pair\",\"dryRun\":true}");
			assertThat(plan.status()).as(plan.body()).isEqualTo(200);
			assertThat(((Map<?, ?>) plan.at("")).keySet()).hasToString("[plan, database]");
			assertThat(plan.at("plan.statements")).isEqualTo(List.of("VACUUM (ANALYZE) \"public\".\"pair\""));
			assertThat(plan.at("plan.operation")).isEqualTo("vacuum");
			assertThat(plan.at("plan.object")).isEqualTo("public.pair");
			assertThat(application.get("/databases/orders/maintenance").body())
				.isEqualTo("{\"operations\":[\"analyze\",\"vacuum\",\"reindex\"],\"tasks\":[]}");
			Response started = application.post("/databases/orders",
					"{\"operation\":\"maintain\",\"task\":\"vacuum\",\"table\":\"pair\"}");
			assertThat(started.status()).as(started.body()).isEqualTo(200);
			assertThat(((Map<?, ?>) started.at("")).keySet()).hasToString("[task, database]");
			assertThat(started.at("task.id")).isEqualTo("m-1");
			Awaitility.await()
				.until(() -> "DONE".equals(application.get("/databases/orders/maintenance").at("tasks[0].state")));
			Response tasks = application.get("/databases/orders/maintenance");
			assertThat(((Map<?, ?>) tasks.at("tasks[0]")).keySet())
				.hasToString("[id, operation, object, statements, state, startedAt, endedAt, messages]");
			assertThat(tasks.at("tasks[0].operation")).isEqualTo("vacuum");
			Awaitility.await().until(() -> application.audited().size() == 3);
			assertThat(application.audited()).extracting(AuditEvent::getType)
				.containsOnly("DATABASE_OPERATION_SUCCESS");
			Map<String, Object> end = application.audited().get(2).getData();
			assertThat(end.toString()).isEqualTo("{database=orders, operation=maintain, task=vacuum, table=pair, "
					+ "statements=[VACUUM (ANALYZE) \"public\".\"pair\"], id=m-1, state=DONE}");
			assertThat(timer(application, "vacuum", "done").count()).isOne();
			assertThat(timer(application, "vacuum", "failed").count()).isZero();
		}
	}

	private static FunctionTimer timer(ActuatorApplication application, String operation, String outcome) {
		return application.context()
			.getBean(MeterRegistry.class)
			.get("appdbs.maintenance")
			.tags("db", "orders", "operation", operation, "outcome", outcome)
			.functionTimer();
	}

	@Test
	void aRunningTaskShowsItsProgressAndIsCancelled() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET)) {
			application.post("/databases/orders",
					"{\"operation\":\"maintain\",\"task\":\"reindex\",\"table\":\"purchase_slow\",\"dryRun\":false}");
			Awaitility.await()
				.until(() -> "building index: scanning table"
					.equals(application.get("/databases/orders/maintenance").at("tasks[0].progress.phase")));
			Response cancelled = application.post("/databases/orders",
					"{\"operation\":\"cancel-maintenance\",\"id\":\"m-1\"}");
			assertThat(cancelled.status()).as(cancelled.body()).isEqualTo(200);
			assertThat(cancelled.at("task.id")).isEqualTo("m-1");
			Awaitility.await()
				.until(() -> "CANCELLED".equals(application.get("/databases/orders/maintenance").at("tasks[0].state")));
			assertThat(application.get("/databases/orders/maintenance").at("tasks[0].messages"))
				.isEqualTo(List.of("******", "******"));
			assertThat(
					application.getAs("operator", "/databases/orders/maintenance").at("tasks[0].messages").toString())
				.contains("Dropped the invalid index 'public.purchase_slow_ccnew'");
			Response again = application.post("/databases/orders",
					"{\"operation\":\"cancel-maintenance\",\"id\":\"m-1\"}");
			assertThat(again.status()).isEqualTo(400);
			assertThat(again.at("message")).isEqualTo("Task 'm-1' of database 'orders' has ended: it is CANCELLED.");
			Awaitility.await().until(() -> application.audited().size() == 4);
			assertThat(application.audited()).extracting(AuditEvent::getType)
				.containsExactlyInAnyOrder("DATABASE_OPERATION_SUCCESS", "DATABASE_OPERATION_SUCCESS",
						"DATABASE_OPERATION_FAILURE", "DATABASE_OPERATION_FAILURE");
			assertThat(application.audited()).extracting((event) -> String.valueOf(event.getData().get("message")))
				.anyMatch((message) -> message.startsWith("Cancelled, because a caller has asked for it: "));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{"operation":"maintain"} | Unknown task 'null'. Known: analyze, vacuum, reindex, drop-invalid-index, truncate.
					{"operation":"maintain","task":"optimize","table":"pair"} | Unknown task 'optimize'. Known: analyze, vacuum, reindex, drop-invalid-index, truncate.
					{"operation":"maintain","task":"vacuum"} | 'table' is missing: it is the name of the table, collection or index.
					{"operation":"maintain","task":"vacuum","table":"pair","dryRun":"maybe"} | Unknown dryRun 'maybe'. Known: true, false.
					{"operation":"maintain","task":"vacuum","table":"pair","mode":"fail"} | Operation 'maintain' has no parameter 'mode'. Known: task, table, dryRun.
					{"operation":"maintain","task":"vacuum","table":"pairs"} | Database 'orders' has no table or index 'pairs' in: public. Similar: public.pair.
					{"operation":"maintain","task":"truncate","table":"pair"} | Database 'orders' does not allow 'truncate' of 'pair'. Allowed by 'app.dbs.orders.maintenance.operations': analyze, vacuum, reindex.
					{"operation":"cancel-maintenance"} | 'id' is missing: it is the identifier of the task.
					{"operation":"cancel-maintenance","id":"m-1"} | Database 'orders' has no task 'm-1'. There was none since the start of the application.
					{"operation":"cancel-maintenance","id":"m-1","table":"pair"} | Operation 'cancel-maintenance' has no parameter 'table'. Known: id.
					{"operation":"probe","table":"pair"} | Operation 'probe' has no parameter 'table'. Known: none.""")
	void wrongRequestsAreRejectedWithAMessage(String body, String message) {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET)) {
			Response response = application.post("/databases/orders", body);
			assertThat(response.at("message")).isEqualTo(message);
			assertThat(response.status()).isEqualTo(400);
			assertThat(application.audited()).singleElement()
				.extracting((event) -> event.getData().get("message"))
				.isEqualTo(message);
		}
	}

	@Test
	void withReadOnlyAccessNothingIsMaintained() {
		try (ActuatorApplication application = run(WebApplicationType.SERVLET, "read-only")) {
			assertThat(application
				.post("/databases/orders", "{\"operation\":\"maintain\",\"task\":\"vacuum\",\"table\":\"pair\"}")
				.status()).isEqualTo(405);
			assertThat(application.get("/databases/orders/maintenance").at("tasks")).isEqualTo(List.of());
		}
	}

	private static ActuatorApplication run(WebApplicationType type) {
		return run(type, "unrestricted");
	}

	private static ActuatorApplication run(WebApplicationType type, String access) {
		return ActuatorApplication.run(type,
				(type == WebApplicationType.SERVLET) ? ActuatorSecurity.Servlet.class : ActuatorSecurity.Reactive.class,
				"app.dbs.orders.url=postgresql://postgres@" + server.address() + "/orders",
				"app.dbs.orders.maintenance.operations=analyze,vacuum,reindex",
				"management.endpoint.databases.show-values=when-authorized",
				"management.endpoint.databases.roles=OPERATOR", "management.endpoint.databases.access=" + access);
	}

}
