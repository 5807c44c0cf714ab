package io.appdbs.embedded;

import com.mongodb.MongoTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedMongoServer}.
 */
class EmbeddedMongoTests {

	@Test
	void twoNamesAreTwoDatabasesOfOneServer() {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			String catalog = servers.getUrl("embedded:mongodb", "catalog");
			String archive = servers.getUrl("embedded:mongodb", "catalog-archive");
			assertThat(catalog.replace("/catalog", "")).isEqualTo(archive.replace("/catalog-archive", ""));
			try (MongoClient client = MongoClients.create(catalog)) {
				client.getDatabase("catalog").getCollection("item").insertOne(new Document("sku", 1));
				assertThat(client.getDatabase("catalog").getCollection("item").countDocuments()).isOne();
				assertThat(client.getDatabase("catalog-archive").getCollection("item").countDocuments()).isZero();
			}
		}
	}

	@Test
	void whenContextsShareServersThenEachHasItsOwnDatabasesAndDeletesThem() {
		try (EmbeddedServers servers = new EmbeddedServers(null);
				EmbeddedServers context = new EmbeddedServers(null, new SharedDatabases(servers));
				EmbeddedServers other = new EmbeddedServers(null, new SharedDatabases(servers))) {
			String url = context.getUrl("embedded:mongodb", "catalog");
			assertThat(other.getUrl("embedded:mongodb", "catalog")).isEqualTo(url + "-2");
			try (MongoClient client = MongoClients.create(url)) {
				client.getDatabase("catalog").getCollection("item").insertOne(new Document("sku", 1));
				assertThat(client.getDatabase("catalog-2").getCollection("item").countDocuments()).isZero();
				context.close();
				assertThat(client.getDatabase("catalog").getCollection("item").countDocuments()).isZero();
			}
		}
	}

	@Test
	void helloIsSupportedForHealthChecks() {
		try (EmbeddedServers servers = new EmbeddedServers(null);
				MongoClient client = MongoClients.create(servers.getUrl("embedded:mongodb", "catalog"))) {
			Document hello = client.getDatabase("catalog").runCommand(new Document("hello", 1));
			assertThat(hello.getBoolean("isWritablePrimary")).isTrue();
			assertThat(hello.getInteger("maxWireVersion")).isPositive();
			assertThat(hello).doesNotContainKey("ismaster");
		}
	}

	@Test
	void whenClosedThenTheServerIsStopped() {
		EmbeddedServers servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:mongodb", "catalog") + "?serverSelectionTimeoutMS=500";
		assertThat(ping(url).getDouble("ok")).isOne();
		servers.close();
		assertThatExceptionOfType(MongoTimeoutException.class).isThrownBy(() -> ping(url))
			.withMessageContaining("Connection refused");
	}

	private static Document ping(String url) {
		try (MongoClient client = MongoClients.create(url)) {
			return client.getDatabase("catalog").runCommand(new Document("ping", 1));
		}
	}

	@Test
	void theServerDoesNotKeepTheJvmRunning() {
		try (EmbeddedServers servers = new EmbeddedServers(null);
				MongoClient client = MongoClients.create(servers.getUrl("embedded:mongodb", "catalog"))) {
			client.getDatabase("catalog").runCommand(new Document("ping", 1));
			assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().startsWith("mongo-server"))
				.isNotEmpty()
				.allMatch(Thread::isDaemon);
		}
	}

}
