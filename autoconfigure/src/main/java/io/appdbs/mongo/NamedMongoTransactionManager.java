package io.appdbs.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.connection.ClusterType;
import io.appdbs.transaction.TransactionRetry;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;

/**
 * {@link MongoTransactionManager} that rejects a transaction if the deployment does not
 * support them, instead of failing at the first statement. If retry is enabled for the
 * database, it repeats a commit whose outcome is unknown.
 */
public final class NamedMongoTransactionManager extends MongoTransactionManager {

	private final String database;

	private final MongoClient client;

	private final transient TransactionRetry retry;

	/**
	 * Creates a new {@link NamedMongoTransactionManager}.
	 * @param database the name of the database
	 * @param client the client of the database
	 * @param databaseFactory the factory whose operations take part
	 * @param retry repeats commits
	 */
	public NamedMongoTransactionManager(String database, MongoClient client, MongoDatabaseFactory databaseFactory,
			TransactionRetry retry) {
		this(database, client, databaseFactory, retry, client.getReadConcern());
	}

	/**
	 * Creates a new {@link NamedMongoTransactionManager} without using the client, which
	 * may not be open.
	 * @param database the name of the database
	 * @param client the client of the database
	 * @param databaseFactory the factory whose operations take part
	 * @param retry repeats commits
	 * @param readConcern the read concern of the client
	 */
	public NamedMongoTransactionManager(String database, MongoClient client, MongoDatabaseFactory databaseFactory,
			TransactionRetry retry, ReadConcern readConcern) {
		super(databaseFactory);
		this.database = database;
		this.client = client;
		this.retry = retry;
		setOptions(TransactionConcerns.of(readConcern));
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		if (this.client.getClusterDescription().getType() == ClusterType.STANDALONE) {
			throw new CannotCreateTransactionException(
					"Database '%s' is a standalone MongoDB server, which does not support transactions. "
						.formatted(this.database)
							+ "Run it as a replica set (one member is enough), or do not use a transaction here.");
		}
		super.doBegin(transaction, definition);
	}

	@Override
	protected void doCommit(MongoTransactionObject transaction) {
		this.retry.commit(transaction::commitTransaction);
	}

}
