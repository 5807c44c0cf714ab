package io.appdbs.mongo;

import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.TransactionOptions;

/**
 * Options of transactions where those of the client are not supported.
 */
public final class TransactionConcerns {

	private TransactionConcerns() {
	}

	/**
	 * Creates the options. A transaction reads from the primary, and not with every read
	 * concern, whatever the client does otherwise.
	 * @param client the read concern of the client
	 * @return the options
	 */
	public static TransactionOptions of(ReadConcern client) {
		TransactionOptions.Builder options = TransactionOptions.builder().readPreference(ReadPreference.primary());
		if (ReadConcern.AVAILABLE.equals(client)) {
			options.readConcern(ReadConcern.LOCAL);
		}
		else if (ReadConcern.LINEARIZABLE.equals(client)) {
			options.readConcern(ReadConcern.MAJORITY);
		}
		return options.build();
	}

}
