package io.appdbs.jdbc.maintenance;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the maintenance of H2.
 */
class H2MaintenanceTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.maintenance.operations=analyze,truncate",
				"app.dbs.orders.maintenance.tables=orders,lines,\"Order \"\"Lines\"\"\"");

	@Test
	void operationsAreExecuted() {
		run((template, maintenance) -> {
			MaintenanceTask analyze = end(maintenance.start(MaintenanceRequest.analyze("public.orders")));
			assertThat(analyze.getState()).as("%s", analyze.getMessages()).isEqualTo(State.DONE);
			assertThat(analyze.getPlan().statements()).containsExactly("ANALYZE TABLE \"PUBLIC\".\"ORDERS\"");
			assertThat(analyze.getPlan().object()).isEqualTo("PUBLIC.ORDERS");
			assertThat(analyze.getPlan().rows()).isEqualTo(2);
			MaintenanceTask truncate = end(maintenance.start(MaintenanceRequest.truncate("\"Order \"\"Lines\"\"\"")));
			assertThat(truncate.getState()).as("%s", truncate.getMessages()).isEqualTo(State.DONE);
			assertThat(template.queryForObject("SELECT count(*) FROM \"Order \"\"Lines\"\"\"", Integer.class)).isZero();
			assertThat(maintenance.getTables()).containsExactly("PUBLIC.LINES", "PUBLIC.ORDERS",
					"PUBLIC.\"Order \"\"Lines\"\"\"");
		});
	}

	@Test
	void truncatingAReferencedTableFails() {
		run((template, maintenance) -> {
			MaintenanceTask task = end(maintenance.start(MaintenanceRequest.truncate("orders")));
			assertThat(task.getState()).isEqualTo(State.FAILED);
			assertThat(task.getMessages()).last().asString().startsWith("Cannot truncate \"PUBLIC.ORDERS\"");
			assertThat(template.queryForObject("SELECT count(*) FROM orders", Integer.class)).isEqualTo(2);
		});
	}

	@Test
	void viewsAndTablesOfTheServerAreRejected() {
		run((template, maintenance) -> {
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.start(MaintenanceRequest.analyze("open_orders")))
				.withMessage("Database 'orders': 'PUBLIC.OPEN_ORDERS' is a view, but 'analyze' is for: table.");
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.start(MaintenanceRequest.analyze("information_schema.users")))
				.withMessage(
						"Database 'orders': 'INFORMATION_SCHEMA.USERS' belongs to the server, which maintains it.");
			assertThatExceptionOfType(IllegalDatabaseOperationException.class)
				.isThrownBy(() -> maintenance.start(MaintenanceRequest.vacuum("orders")))
				.withMessage("H2 has no operation 'vacuum'. It has: analyze, truncate.");
		});
	}

	private void run(BiConsumer<JdbcTemplate, Maintenance> test) {
		this.runner.run((context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			template.execute("CREATE TABLE orders (id INT PRIMARY KEY)");
			template.execute("INSERT INTO orders VALUES (1), (2)");
			template.execute("CREATE TABLE lines (id INT REFERENCES orders)");
			template.execute("CREATE TABLE \"Order \"\"Lines\"\"\" AS SELECT 1 AS id");
			template.execute("CREATE VIEW open_orders AS SELECT * FROM orders");
			test.accept(template, context.getBean(Databases.class).get("orders").getMaintenance());
		});
	}

	private static MaintenanceTask end(MaintenanceTask task) {
		return task.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

}
