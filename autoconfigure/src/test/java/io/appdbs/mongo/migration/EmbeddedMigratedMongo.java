package io.appdbs.mongo.migration;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AutoClose;

/**
 * {@link MigratedMongo} on the embedded server.
 */
abstract class EmbeddedMigratedMongo extends MigratedMongo {

	@AutoClose
	private final EmbeddedServers servers = new EmbeddedServers(null);

	@Override
	protected String createDatabase() {
		return this.servers.getUrl("embedded:mongodb", "catalog");
	}

}
