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
 * Represents a database that a {@code DataSource} or {@code MongoClient} bean of the
 * application replaces. The application opens, monitors and closes it.
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
		throw new IllegalStateException("The application supplies the credentials");
	}

	@Override
	public boolean isSuspendable() {
		return false;
	}

	@Override
	public void setMaximumPoolSize(int maximum) {
		throw new IllegalDatabaseOperationException(this.definition.name(),
				"The pool of database '%s' belongs to a bean of the application.".formatted(this.definition.name()));
	}

	@Override
	public void close() {
	}

}
