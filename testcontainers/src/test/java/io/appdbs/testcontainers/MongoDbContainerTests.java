package io.appdbs.testcontainers;

import com.mongodb.client.MongoClient;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.mongodb.MongoDBContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a MongoDB without options, which becomes a replica set.
 */
@DirtiesContext
@SpringBootTest
@RequiresImages(Image.MONGODB)
class MongoDbContainerTests {

	@Autowired
	@Qualifier("catalog")
	private MongoTemplate catalog;

	@Autowired
	@Qualifier("catalog")
	private TransactionTemplate transactions;

	@Autowired
	@Qualifier("catalog")
	private MongoClient client;

	@BeforeEach
	void clear() {
		this.catalog.dropCollection("product");
		this.catalog.createCollection("product");
	}

	@Test
	void whenATransactionIsCommittedThenItsDocumentsAreStored() {
		this.transactions.executeWithoutResult((status) -> insert("pen"));
		assertThat(this.catalog.findAll(Document.class, "product")).extracting("name").containsExactly("pen");
		assertThat(this.catalog.getDb().getName()).isEqualTo("catalog");
	}

	@Test
	void whenATransactionIsRolledBackThenItsDocumentsAreNotStored() {
		this.transactions.executeWithoutResult((status) -> {
			insert("pen");
			status.setRollbackOnly();
		});
		assertThat(this.catalog.findAll(Document.class, "product")).isEmpty();
		assertThat(this.client.getClusterDescription().getServerDescriptions())
			.allMatch((server) -> server.isPrimary());
	}

	private void insert(String name) {
		this.catalog.insert(new Document("name", name), "product");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@DatabaseContainer("catalog")
		MongoDBContainer catalogContainer() {
			return new MongoDBContainer(Image.MONGODB.get());
		}

	}

}
