package io.appdbs.mongo.migration;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AutoClose;

/**
 * Tests for {@link MongoMigrations} on the embedded server.
 */
class MongoMigrationTests extends AbstractMongoMigrationTests {

	@AutoClose
	private final EmbeddedServers servers = new EmbeddedServers(null);

	@Override
	protected String createDatabase() {
		return this.servers.getUrl("embedded:mongodb", "catalog");
	}

}
