package io.appdbs.mongo.index;

import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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

	@Override
	String getUrl() {
		return server.getUrl("indexes");
	}

}
