package io.appdbs.mongo.maintenance;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.maintenance.MaintenancePlan;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.maintenance.MaintenanceTask.State;
import io.appdbs.maintenance.task.MaintenanceFailedException;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the maintenance of MongoDB.
 */
class MongoMaintenanceTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=embedded:mongodb",
				"app.dbs.orders.maintenance.operations=compact,check,truncate",
				"app.dbs.orders.maintenance.tables=orders,order.lines");

	@Test
	void aCollectionIsCheckedAndEmptied() {
		run((template, maintenance) -> {
			MaintenanceTask check = end(maintenance.start(MaintenanceRequest.check("orders")));
			assertThat(check.getState()).as("%s", check.getMessages()).isEqualTo(State.DONE);
			assertThat(check.getPlan().statements()).containsExactly("{\"validate\": \"orders\"}");
			assertThat(check.getPlan().rows()).isEqualTo(2);
			MaintenanceTask truncate = end(maintenance.start(MaintenanceRequest.truncate("order.lines")));
			assertThat(truncate.getState()).as("%s", truncate.getMessages()).isEqualTo(State.DONE);
			assertThat(truncate.getMessages()).containsExactly("Deleted 1 documents.");
			assertThat(template.getCollection("order.lines").countDocuments()).isZero();
			assertThat(template.indexOps("order.lines").getIndexInfo()).hasSize(2);
			assertThat(maintenance.getTables()).containsExactly("order.lines", "orders");
		});
	}

	@Test
	void whatTheServerRejectsIsAFailure() {
		run((template, maintenance) -> {
			MaintenanceTask task = end(maintenance.start(MaintenanceRequest.compact("orders")));
			assertThat(task.getState()).isEqualTo(State.FAILED);
			assertThat(task.getPlan().statements()).containsExactly("{\"compact\": \"orders\", \"force\": true}");
			assertThat(task.getMessages()).last().asString().contains("compact");
		});
	}

	@Test
	void whatIsNotACollectionOfTheSettingsIsRejected() {
		run((template, maintenance) -> {
			template.getCollection("audit").insertOne(new Document());
			MaintenancePlan plan = maintenance.plan(MaintenanceRequest.check("audit"));
			assertThat(plan.refusal()).isEqualTo("Database 'orders' does not allow maintenance of 'audit'. "
					+ "Allowed by 'app.dbs.orders.maintenance.tables': orders, order.lines.");
			assertRejected(() -> maintenance.start(MaintenanceRequest.check("audit")), plan.refusal());
			assertRejected(() -> maintenance.start(MaintenanceRequest.check("Order")),
					"Database 'orders' has no collection 'Order'. Similar: orders.");
			assertRejected(() -> maintenance.start(MaintenanceRequest.analyze("orders")),
					"MongoDB has no operation 'analyze'. It has: compact, check, truncate.");
		});
	}

	@Test
	void aReplyThatReportsAFailureIsNotASuccess() {
		assertFailure(MaintenanceOperation.CHECK,
				new Document("valid", false).append("errors", List.of("missing index entry")),
				"The collection is not valid: [missing index entry]");
		assertFailure(MaintenanceOperation.TRUNCATE,
				new Document("n", 0).append("writeErrors", List.of(new Document("errmsg", "interrupted"))),
				"interrupted");
		assertFailure(MaintenanceOperation.TRUNCATE,
				new Document("n", 0).append("writeConcernError", new Document("errmsg", "not replicated")),
				"not replicated");
	}

	@Test
	void whatTheServerSaysIsAMessage() throws MaintenanceFailedException {
		assertThat(new MaintenanceCommand(MaintenanceOperation.CHECK, "orders")
			.read(new Document("valid", true).append("nrecords", 3).append("warnings", List.of("slow"))))
			.containsExactly("warning: slow", "Checked 3 documents.");
		assertThat(
				new MaintenanceCommand(MaintenanceOperation.COMPACT, "orders").read(new Document("bytesFreed", 4096L)))
			.containsExactly("Freed 4096 bytes.");
	}

	private static void assertFailure(MaintenanceOperation operation, Document reply, String message) {
		assertThatExceptionOfType(MaintenanceFailedException.class)
			.isThrownBy(() -> new MaintenanceCommand(operation, "orders").read(reply))
			.withMessage(message);
	}

	private static void assertRejected(Runnable action, String message) {
		assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(action::run).withMessage(message);
	}

	private void run(BiConsumer<MongoTemplate, Maintenance> test) {
		this.runner.run((context) -> {
			MongoTemplate template = context.getBean(MongoTemplate.class);
			template.getCollection("orders").insertMany(List.of(new Document(), new Document()));
			template.getCollection("order.lines").insertOne(new Document("sku", 1));
			template.getCollection("order.lines").createIndex(new Document("sku", 1));
			test.accept(template, context.getBean(Databases.class).get("orders").getMaintenance());
		});
	}

	private static MaintenanceTask end(MaintenanceTask task) {
		return task.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

}
