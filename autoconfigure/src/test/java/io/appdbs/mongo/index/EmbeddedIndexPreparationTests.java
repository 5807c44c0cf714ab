package io.appdbs.mongo.index;

import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AutoClose;

/**
 * Tests for {@link IndexPreparation} on the embedded server.
 */
class EmbeddedIndexPreparationTests extends AbstractIndexPreparationTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static final AtomicInteger names = new AtomicInteger();

	@Override
	String getUrl() {
		return servers.getUrl("embedded:mongodb", "catalog" + names.incrementAndGet());
	}

}
