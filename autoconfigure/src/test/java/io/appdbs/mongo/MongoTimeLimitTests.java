package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.client.MongoCursor;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.documentdb.Failure;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.aggregation.Aggregation;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the time limit of operations, and for the concerns of transactions.
 */
@RequiresDocumentDb
class MongoTimeLimitTests {

	private static final Duration LONGER = Duration.ofSeconds(5);

	private static DocumentDbServer server;

	@BeforeAll
	static void start() {
		server = RealServers.startDocumentDb();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + server.getUrl("limits"))
			.withPropertyValues(properties);
	}

	private static MongoTemplate createItems(MongoTemplate template) {
		template.insert(IntStream.range(0, 10).mapToObj((i) -> new Document("value", i)).toList(), "item");
		return template;
	}

	@Test
	void anAggregationIsLimited() {
		runner("app.dbs.orders.statement-timeout=1s").run((context) -> {
			MongoTemplate template = createItems(context.getBean(MongoTemplate.class));
			Aggregation aggregation = Aggregation.newAggregation(Aggregation.count().as("n"));
			assertThat(template.aggregate(aggregation, "item", Document.class).getMappedResults()).hasSize(1);
			server.fail(Failure.delay("aggregate", LONGER));
			assertThatExceptionOfType(QueryTimeoutException.class)
				.isThrownBy(() -> template.aggregate(aggregation, "item", Document.class))
				.withCauseInstanceOf(MongoOperationTimeoutException.class);
		});
	}

	@Test
	void furtherBatchesOfACursorAreLimited() {
		runner("app.dbs.orders.statement-timeout=1s").run((context) -> {
			MongoTemplate template = createItems(context.getBean(MongoTemplate.class));
			try (MongoCursor<Document> cursor = template.getCollection("item").find().batchSize(2).cursor()) {
				server.fail(Failure.delay("getMore", LONGER));
				assertThatExceptionOfType(MongoOperationTimeoutException.class)
					.isThrownBy(() -> cursor.forEachRemaining((document) -> {
					}));
			}
		});
	}

	@Test
	void aTransactionIsRolledBackAfterAnOperationThatTookTooLong() {
		runner("app.dbs.orders.statement-timeout=1s").run((context) -> {
			MongoTemplate template = createItems(context.getBean(MongoTemplate.class));
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			assertThatExceptionOfType(QueryTimeoutException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					template.insert(new Document("value", 10), "item");
					server.fail(Failure.delay("update", LONGER));
					template.updateFirst(new Query(), Update.update("a", 1), "item");
				}))
				.withCauseInstanceOf(MongoOperationTimeoutException.class);
			assertThat(template.count(new Query(), "item")).isEqualTo(10);
		});
	}

	@Test
	void aTransactionReadsFromThePrimaryWithAConcernThatItSupports() {
		for (String concern : List.of("linearizable", "available", "majority", "local", "snapshot")) {
			runner("app.dbs.orders.mongo.read-preference=secondary-preferred",
					"app.dbs.orders.mongo.read-concern=" + concern, "app.dbs.orders.mongo.write-concern=majority")
				.run((context) -> {
					MongoTemplate template = context.getBean(MongoTemplate.class);
					template.createCollection("item");
					Long count = context.getBean(TransactionTemplate.class).execute((status) -> {
						template.insert(new Document("value", 1), "item");
						return (long) template.findAll(Document.class, "item").size();
					});
					assertThat(count).isOne();
				});
		}
	}

}
