package io.appdbs.mongo;

import java.util.function.Supplier;

import com.mongodb.client.MongoClient;
import org.jspecify.annotations.Nullable;

/**
 * The client of the preparations of one attempt to open a database, which is opened on
 * demand.
 */
final class PreparationClient implements AutoCloseable {

	private final Supplier<MongoClient> opening;

	private @Nullable MongoClient client;

	private boolean closed;

	PreparationClient(Supplier<MongoClient> opening) {
		this.opening = opening;
	}

	/**
	 * Returns the client.
	 * @throws IllegalStateException if the application is being closed
	 */
	synchronized MongoClient get() {
		if (this.closed) {
			throw new IllegalStateException("The application was closed meanwhile");
		}
		MongoClient client = this.client;
		if (client == null) {
			client = this.opening.get();
			this.client = client;
		}
		return client;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.client != null) {
			MongoDatabaseConnector.closeUninterrupted(this.client);
		}
	}

}
