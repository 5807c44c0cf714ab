package io.appdbs.autoconfigure;

import java.time.Duration;

import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.lifecycle.ConnectedServer;
import io.appdbs.lifecycle.DatabaseConnector;

/**
 * Stands for a database whose {@code DataSource} or {@code MongoClient} is a bean of the
 * application, which opens, watches and closes it itself.
 *
 * @param definition the database
 */
record UserBeanConnector(DatabaseDefinition definition) implements DatabaseConnector {

	@Override
	public ConnectedServer connect(ConnectionTarget target, Duration timeout) {
		return new ConnectedServer(this.definition.engine(), "a bean of the application");
	}

	@Override
	public void probe(Duration timeout) {
	}

	@Override
	public boolean isWorking(Throwable failure, Duration timeout) {
		return true;
	}

	@Override
	public void suspend() {
	}

	@Override
	public void abort() {
	}

	@Override
	public void recover() {
	}

	@Override
	public void close() {
	}

}
