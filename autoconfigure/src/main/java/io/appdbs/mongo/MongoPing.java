package io.appdbs.mongo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.thread.LateAnswerException;
import io.appdbs.settings.DatabaseDefinition;
import org.bson.Document;

/**
 * Sends {@code ping}, which needs no privileges, through a client. Does not log in with
 * credentials that the server has refused a moment ago.
 *
 * @param definition the database
 * @param failedLogins the logins that the server has refused
 */
record MongoPing(DatabaseDefinition definition, FailedLogins failedLogins) {

	/**
	 * Sends a ping, and another one if a connection failed: a pooled connection may be
	 * the only thing that is broken.
	 * @param timeout the time limit for an answer on an open connection
	 * @param connectTimeout the time limit if the driver has to open a connection
	 */
	void send(MongoClient client, Duration timeout, Duration connectTimeout) throws LateAnswerException {
		try {
			sendOnce(client, timeout, connectTimeout);
		}
		catch (MongoSocketReadTimeoutException ex) {
			throw ex;
		}
		catch (MongoSocketException ex) {
			sendOnce(client, timeout, connectTimeout);
		}
	}

	/**
	 * Sends one ping, to the primary if there are several servers. The driver may have to
	 * open a connection first. While it knows no such server that answers, it looks for
	 * one in the background, and reports why it has not found one.
	 */
	private void sendOnce(MongoClient client, Duration timeout, Duration connectTimeout) throws LateAnswerException {
		boolean found = client.getClusterDescription().hasWritableServer();
		long begin = System.nanoTime();
		send(client, found ? connectTimeout : timeout);
		if (System.nanoTime() - begin > timeout.toNanos()) {
			// opening a connection may take that long, an answer may not
			try {
				send(client, timeout);
			}
			catch (MongoOperationTimeoutException ex) {
				throw new LateAnswerException(timeout, ex);
			}
		}
	}

	private void send(MongoClient client, Duration limit) {
		DatabaseConnectionDetails details = this.definition.connectionDetails().get();
		send(database(client, details).withTimeout(limit.toMillis(), TimeUnit.MILLISECONDS), details);
	}

	/**
	 * Sends the first ping through a new client, which logs in.
	 * @param found whether the client has found a server; otherwise it reports the reason
	 * without looking for one any longer
	 */
	MongoDatabase logIn(MongoClient client, DatabaseConnectionDetails details, boolean found) {
		MongoDatabase database = database(client, details);
		send(found ? database : database.withTimeout(1, TimeUnit.MILLISECONDS), details);
		return database;
	}

	private void send(MongoDatabase database, DatabaseConnectionDetails details) {
		if (this.failedLogins.check(details) instanceof RuntimeException refusal) {
			throw refusal;
		}
		try {
			database.runCommand(new Document("ping", 1));
			this.failedLogins.clear();
		}
		catch (RuntimeException ex) {
			if (this.definition.engine().classify(ex).isLoginRefused()) {
				this.failedLogins.refused(details, ex);
			}
			throw ex;
		}
	}

	private static MongoDatabase database(MongoClient client, DatabaseConnectionDetails details) {
		return client.getDatabase(String.valueOf(details.database()));
	}

}
