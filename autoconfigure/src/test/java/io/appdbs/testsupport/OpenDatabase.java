package io.appdbs.testsupport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A database that is up, without connections of an application.
 */
public class OpenDatabase implements DatabaseAccess {

	private final DatabaseDefinition definition;

	private final List<PreparationReport> reports = new CopyOnWriteArrayList<>();

	public OpenDatabase(DatabaseDefinition definition) {
		this.definition = definition;
	}

	@Override
	public DatabaseDefinition getDefinition() {
		return this.definition;
	}

	@Override
	public Engine findEngine() {
		return this.definition.engine();
	}

	@Override
	public @Nullable DatabaseOutage getOutage() {
		return null;
	}

	@Override
	public boolean isSuspended() {
		return false;
	}

	@Override
	public DatabaseConnectionDetails getDetailsInUse() {
		return this.definition.connectionDetails().get();
	}

	@Override
	public void report(PreparationReport report) {
		this.reports.add(report);
	}

	/**
	 * Returns what has been reported.
	 */
	public List<PreparationReport> getReports() {
		return this.reports;
	}

	@Override
	public DatabaseSnapshot getSnapshot() {
		throw new UnsupportedOperationException();
	}

	@Override
	public DatabaseStatistics getStatistics() {
		throw new UnsupportedOperationException();
	}

	@Override
	public DatabaseConnector getConnector() {
		throw new UnsupportedOperationException();
	}

}
