package io.appdbs.mongo;

import com.mongodb.client.MongoClient;
import org.jspecify.annotations.Nullable;

/**
 * An open client and the database that was configured for it.
 *
 * @param client the client or {@code null} where the application has one of its own
 * @param database the name of the database on the server
 */
public record OpenedMongo(@Nullable MongoClient client, String database) implements AutoCloseable {

	@Override
	public void close() {
		if (this.client != null) {
			this.client.close();
		}
	}

}
