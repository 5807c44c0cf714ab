package io.appdbs.embedded;

import java.net.InetSocketAddress;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;

/**
 * A running MongoDB-compatible server.
 *
 * @param backend the data of the server
 * @param server the server
 * @param port the port of the server
 */
record EmbeddedMongoServer(MemoryBackend backend, MongoServer server, int port) implements EmbeddedServer {

	static EmbeddedMongoServer start() {
		MemoryBackend backend = new HelloBackend();
		MongoServer server = new MongoServer(backend);
		InetSocketAddress address = server.bind();
		return new EmbeddedMongoServer(backend, server, address.getPort());
	}

	@Override
	public String createDatabase(String name) {
		// MongoDB creates a database with its first document
		return "mongodb://localhost:" + this.port + "/" + name;
	}

	@Override
	public void dropDatabase(String name) {
		this.backend.dropDatabase(name);
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

	/**
	 * Supports the command {@code hello}, which health checks use. The library supports
	 * only its former name.
	 */
	private static final class HelloBackend extends MemoryBackend {

		@Override
		public Document handleCommand(Channel channel, String databaseName, String command, Document query) {
			if (!command.equalsIgnoreCase("hello")) {
				return super.handleCommand(channel, databaseName, command, query);
			}
			Document response = super.handleCommand(channel, databaseName, "isMaster", query);
			response.remove("ismaster");
			response.put("isWritablePrimary", Boolean.TRUE);
			return response;
		}

	}

}
