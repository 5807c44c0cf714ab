package io.appdbs.bean;

import java.time.Duration;
import java.util.List;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a database whose {@code DataSource} or {@code MongoClient} is a bean of the
 * application, which opens, watches and closes it itself.
 *
 * @param definition the database
 */
record UserBeanConnector(DatabaseDefinition definition) implements DatabaseConnector {

	@Override
	public ConnectedServer connect(DatabaseConnectionDetails target, Duration timeout) {
		return new ConnectedServer(this.definition.engine(), null, List.of());
	}

	@Override
	public void probe(@Nullable Duration connectTimeout, Duration timeout) {
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		return true;
	}

	@Override
	public Runnable rotate(DatabaseConnectionDetails target, Duration timeout) {
		throw new IllegalStateException("The application has its own credentials");
	}

	@Override
	public boolean isSuspendable() {
		return false;
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		throw new IllegalDatabaseOperationException(this.definition.name(),
				"Database '%s' is connected to by a bean of the application, which has its own pool."
					.formatted(this.definition.name()));
	}

	@Override
	public void close() {
	}

}
