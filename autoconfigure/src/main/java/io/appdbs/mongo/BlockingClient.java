package io.appdbs.mongo;

import java.util.List;
import java.util.Objects;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.appdbs.DatabaseOutage;
import io.appdbs.lifecycle.DatabaseAvailability;
import io.appdbs.mongo.command.CommandLogs;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * {@link ApplicationClient} whose operations block. The thread of an operation waits
 * while the database is starting or suspended.
 */
class BlockingClient extends ApplicationClient<MongoClient> {

	private @Nullable RotatingMongoClient rotating;

	BlockingClient(DatabaseDefinition definition, DatabaseAvailability availability,
			List<MongoDatabaseConnector.Customizer> customizers, MongoPoolCounter pool, CommandLogs logs) {
		super(definition, availability, customizers, pool, logs);
	}

	@Override
	MongoClient open(MongoClientSettings settings) {
		return MongoClients.create(settings);
	}

	@Override
	MongoClient expose(MongoClient first) {
		if (!isReplaceable()) {
			return first;
		}
		this.rotating = new RotatingMongoClient(first);
		return this.rotating.getClient();
	}

	@Override
	MongoClient replace(MongoClient next) {
		return Objects.requireNonNull(rotating().replace(next));
	}

	@Override
	void closeFormer(MongoClient former) {
		rotating().close(former);
	}

	private RotatingMongoClient rotating() {
		RotatingMongoClient rotating = this.rotating;
		if (rotating == null) {
			throw new IllegalStateException("Neither the credentials nor the certificates can change");
		}
		return rotating;
	}

	@Override
	@Nullable DatabaseOutage findOutage() {
		return getAvailability().check(getAcquireTimeout());
	}

}
