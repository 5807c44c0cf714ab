package io.appdbs.mongo;

import java.io.IOException;
import java.util.List;

import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The clients of the application: the blocking one and, if requested, the reactive one.
 *
 * @param blocking the blocking client
 * @param reactive the reactive client or {@code null}
 * @param pool counts the connections of both
 */
record ApplicationClients(BlockingClient blocking, @Nullable ReactiveClient reactive, MongoPoolCounter pool) {

	static ApplicationClients of(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, CommandLogs logs) {
		MongoPoolCounter pool = new MongoPoolCounter(availability);
		return new ApplicationClients(new BlockingClient(definition, availability, customizers, pool, logs),
				definition.settings().mongo().reactive()
						? new ReactiveClient(definition, availability, customizers, pool, logs) : null,
				pool);
	}

	/**
	 * Returns the clients of a database that was added at run time.
	 */
	static ApplicationClients onDemand(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, CommandLogs logs) {
		MongoPoolCounter pool = new MongoPoolCounter(availability);
		return new ApplicationClients(new OnDemandClient(definition, availability, customizers, pool, logs), null,
				pool);
	}

	/**
	 * Connects with the given credentials from now on.
	 * @return closes the clients with the former credentials
	 */
	Runnable use(DatabaseConnectionDetails details) {
		this.blocking.get();
		Runnable former = this.blocking.use(details);
		if (this.reactive == null) {
			return former;
		}
		Runnable formerReactive = this.reactive.use(details);
		return () -> {
			former.run();
			formerReactive.run();
		};
	}

	/**
	 * Returns the usage of the pools. The maximum is that of each server of the
	 * deployment.
	 */
	PoolUsage getPoolUsage() {
		int reactive = (this.reactive != null) ? this.reactive.getMaximumPoolSize() : 0;
		return this.pool.getUsage(this.blocking.getMaximumPoolSize() + reactive);
	}

	void close() throws IOException {
		try {
			this.blocking.close();
		}
		finally {
			if (this.reactive != null) {
				this.reactive.close();
			}
		}
	}

}
