package io.appdbs.migration;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;
import liquibase.Liquibase;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabasePreparation} that migrates each database with a separate
 * {@link SpringLiquibase}, which opens its own connections.
 */
public final class LiquibasePreparation implements DatabasePreparation {

	private static final Log logger = LogFactory.getLog(LiquibasePreparation.class);

	private final Map<String, List<Customizer<Liquibase>>> databases;

	/** Another instance may create each of the two tables, and insert the first row. */
	private static final int MAX_ATTEMPTS = 5;

	private final @Nullable ClassLoader classLoader;

	private final Duration progressInterval;

	private final Map<String, NamedLiquibase> liquibases = new ConcurrentHashMap<>();

	/** Failures of change sets that have not been rolled back. */
	private final Map<String, FirstFailure> failures = new ConcurrentHashMap<>();

	/**
	 * Creates a new {@link LiquibasePreparation}.
	 * @param databases the customizers of the databases to migrate, by name
	 * @param classLoader the class loader that finds drivers and changelogs or
	 * {@code null} for the default one
	 */
	public LiquibasePreparation(Map<String, List<Customizer<Liquibase>>> databases, @Nullable ClassLoader classLoader) {
		this(databases, classLoader, Duration.ofSeconds(30));
	}

	LiquibasePreparation(Map<String, List<Customizer<Liquibase>>> databases, @Nullable ClassLoader classLoader,
			Duration progressInterval) {
		this.databases = Map.copyOf(databases);
		this.classLoader = classLoader;
		this.progressInterval = progressInterval;
	}

	@Override
	public String getName() {
		return "migration";
	}

	/**
	 * Migrates the database if it has a changelog.
	 * @throws io.appdbs.DatabaseStartException if a change set or the configuration has
	 * to be corrected
	 * @throws java.sql.SQLException if the connection fails
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition,
			DatabaseConnectionDetails connectionDetails) throws Exception {
		List<Customizer<Liquibase>> customizers = this.databases.get(definition.name());
		if (customizers == null) {
			return null;
		}
		LiquibaseProgress progress = new LiquibaseProgress(definition, this.progressInterval);
		NamedLiquibase liquibase = LiquibaseFactory.create(definition, connectionDetails, customizers,
				this.classLoader);
		long start = System.nanoTime();
		AppliedChangeSets applied;
		Runnable end = progress.begin();
		try {
			applied = update(liquibase, progress);
		}
		catch (LiquibaseException ex) {
			throw keepFirst(LiquibaseFailures.of(definition, progress), ex);
		}
		finally {
			end.run();
		}
		this.failures.remove(definition.name());
		this.liquibases.put(definition.name(), liquibase);
		return report(definition.name(), applied, Duration.ofNanos(System.nanoTime() - start));
	}

	/**
	 * Migrates the database. Instances that start at the same time may create the tables
	 * of Liquibase at the same time: Liquibase has no lock yet, and all but one fail.
	 */
	private static AppliedChangeSets update(NamedLiquibase liquibase, LiquibaseProgress progress)
			throws LiquibaseException {
		for (int attempt = 1;; attempt++) {
			try {
				return liquibase.update(progress);
			}
			catch (LiquibaseException ex) {
				if (attempt == MAX_ATTEMPTS || !LiquibaseFailures.isCreatedByOther(ex, progress)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Returns the first failure of a change set that has not been rolled back. Later
	 * attempts fail because of what it has left behind.
	 */
	private Exception keepFirst(LiquibaseFailures failures, LiquibaseException failure) {
		Exception translated = failures.translate(failure);
		String changeSet = failures.getChangeSetLeftBehind();
		if (changeSet == null || translated instanceof SQLException) {
			return translated;
		}
		FirstFailure first = this.failures.compute(failures.getDatabase(),
				(name, earlier) -> (earlier != null && earlier.changeSet().equals(changeSet)) ? earlier
						: new FirstFailure(changeSet, translated));
		return first.failure();
	}

	private static Map<String, Object> report(String name, AppliedChangeSets applied, Duration duration) {
		if (applied.executed() > 0) {
			logger.info("Database '%s' was migrated to change set '%s' by %d change set%s in %d ms".formatted(name,
					applied.last(), applied.executed(), (applied.executed() != 1) ? "s" : "", duration.toMillis()));
		}
		else {
			logger.info("Database '%s' is up to date, checked in %d ms".formatted(name, duration.toMillis()));
		}
		Map<String, Object> details = new LinkedHashMap<>();
		if (applied.last() != null) {
			details.put("changeSet", applied.last());
		}
		details.put("executed", applied.executed());
		return details;
	}

	/**
	 * Returns the Liquibase that has migrated a database or, if it has not been up yet,
	 * will migrate it.
	 * @param definition the database
	 * @return the Liquibase of the database
	 * @throws IllegalStateException if it has no changelog
	 */
	public SpringLiquibase getLiquibase(DatabaseDefinition definition) {
		List<Customizer<Liquibase>> customizers = this.databases.get(definition.name());
		if (customizers == null) {
			throw new IllegalStateException("Database '%s' has no changelog.".formatted(definition.name()));
		}
		return this.liquibases.computeIfAbsent(definition.name(), (name) -> LiquibaseFactory.create(definition,
				definition.connectionDetails().get(), customizers, this.classLoader));
	}

	/**
	 * Failure of a change set that has not been rolled back.
	 *
	 * @param changeSet the change set
	 * @param failure the failure
	 */
	private record FirstFailure(String changeSet, Exception failure) {

	}

}
