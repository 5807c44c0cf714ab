package io.appdbs.mongo.index;

import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IndexPreparation} on DocumentDB, a MongoDB-compatible engine.
 */
@RequiresDocumentDb
class DocumentDbIndexPreparationTests extends AbstractIndexPreparationTests {

	private static DocumentDbServer server;

	@BeforeAll
	static void start() {
		server = RealServers.startDocumentDb();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void noConnectionIsLeftWhenTheApplicationIsClosed() {
		String url = getUrl();
		for (int i = 0; i < 3; i++) {
			IndexApplication.creating(url, Article.class)
				.run((context) -> context.getBean("catalogMongoTemplate", MongoTemplate.class)
					.insert(new Member("anna@example.com")));
		}
		// closing does not wait long for what the server is still executing
		Awaitility.await()
			.untilAsserted(() -> assertThat(server.getLatestCommands())
				.allMatch((command) -> command.endsWith(DocumentDbServer.RUNNING)));
		assertThat(TestDatabases.threads("appdbs-indexes")).hasSizeLessThanOrEqualTo(server.getLatestCommands().size());
	}

	@Override
	String getUrl() {
		return server.getUrl("indexes");
	}

}
