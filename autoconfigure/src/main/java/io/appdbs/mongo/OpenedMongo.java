package io.appdbs.mongo;

import com.mongodb.client.MongoClient;

/**
 * An open client and the database that was configured for it.
 *
 * @param client the client
 * @param database the name of the database on the server
 */
public record OpenedMongo(MongoClient client, String database) implements AutoCloseable {

	@Override
	public void close() {
		this.client.close();
	}

}
