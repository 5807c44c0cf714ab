package io.appdbs.testsupport.documentdb;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.types.ObjectId;

/**
 * The version of the roles of the members. The {@code hello} of a driver that knows the
 * current version is answered as soon as there is another one.
 */
final class Topology {

	// a waiting thread does not notice that the driver has closed the connection
	private static final long MAX_WAIT = TimeUnit.MILLISECONDS.toNanos(300);

	private final BsonObjectId process = new BsonObjectId(new ObjectId());

	private long counter;

	synchronized void change() {
		this.counter++;
		notifyAll();
	}

	/**
	 * Waits for a change if the command says so.
	 * @param command {@code hello}
	 * @return the current version
	 */
	synchronized BsonDocument await(BsonDocument command) throws IOException {
		if (command.containsKey("topologyVersion") && command.containsKey("maxAwaitTimeMS")) {
			long known = command.getDocument("topologyVersion").getNumber("counter").longValue();
			long end = System.nanoTime() + MAX_WAIT;
			try {
				for (long left = end - System.nanoTime(); known == this.counter
						&& left > 0; left = end - System.nanoTime()) {
					TimeUnit.NANOSECONDS.timedWait(this, left);
				}
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}
		return new BsonDocument("processId", this.process).append("counter", new BsonInt64(this.counter));
	}

}
