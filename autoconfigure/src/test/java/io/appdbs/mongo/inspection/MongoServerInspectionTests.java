package io.appdbs.mongo.inspection;

import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.TableReport;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the inspection and the maintenance of a database on a real server with
 * MongoDB's protocol.
 */
@RequiresDocumentDb
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoServerInspectionTests {

	@Test
	void collectionsAndIndexesAreReportedAndMaintained() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
				.withPropertyValues("app.dbs.catalog.url=" + server.getUrl("shop"),
						"app.dbs.catalog.maintenance.operations=check,truncate",
						"app.dbs.catalog.maintenance.tables=item")
				.run((context) -> {
					fill(context.getBean(MongoTemplate.class).getCollection("item"));
					Database catalog = context.getBean(Databases.class).get("catalog");
					assertReports(catalog.inspect());
					assertThat(execute(catalog, MaintenanceRequest.check("item")).getState())
						.isEqualTo(MaintenanceTask.State.DONE);
					assertThat(execute(catalog, MaintenanceRequest.truncate("item")).getMessages())
						.containsExactly("Deleted 2 documents.");
				});
		}
	}

	private static void fill(MongoCollection<Document> items) {
		items.insertMany(List.of(new Document("sku", "a"), new Document("sku", "b")));
		items.createIndex(new Document("sku", 1), new IndexOptions().unique(true));
		items.createIndex(new Document("sku", 1).append("name", -1));
		items.createIndex(new Document("at", 1), new IndexOptions().expireAfter(1L, TimeUnit.HOURS));
	}

	private static void assertReports(Inspection inspection) {
		assertThat(inspection.size().getRequiredValue().bytes()).isPositive();
		assertThat(inspection.tables().getRequiredValue()).extracting(TableReport::name, TableReport::rows)
			.containsExactly(tuple("item", 2L));
		assertThat(inspection.indexes().getRequiredValue()).extracting(IndexReport::name)
			.containsExactlyInAnyOrder("item._id_", "item.sku_1", "item.sku_1_name_-1", "item.at_1");
		assertThat(inspection.indexes().getRequiredValue()).filteredOn(IndexReport::unique)
			.extracting(IndexReport::name)
			.containsExactlyInAnyOrder("item._id_", "item.sku_1");
		assertThat(inspection.activity().status()).isEqualTo(ReportStatus.OK);
		assertThat(inspection.findings().status()).isEqualTo(ReportStatus.OK);
	}

	private static MaintenanceTask execute(Database database, MaintenanceRequest request) {
		return database.getMaintenance().start(request).toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

}
