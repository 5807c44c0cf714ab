package io.appdbs.migration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.embedded.DatabaseTemplate;
import io.appdbs.embedded.DatabaseTemplates;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabasePreparation} that migrates each database with a separate {@link Flyway},
 * which opens its own connections, and verifies the result.
 */
public final class FlywayPreparation implements DatabasePreparation, DatabaseTemplates {

	private static final Log logger = LogFactory.getLog(FlywayPreparation.class);

	private final Map<String, MigrationBeans> databases;

	private final @Nullable ClassLoader classLoader;

	private final Duration progressInterval;

	private final Map<String, Flyway> flyways = new ConcurrentHashMap<>();

	/** Failures of executed migrations, which Flyway does not keep. */
	private final Map<String, Exception> failures = new ConcurrentHashMap<>();

	/**
	 * Creates a new {@link FlywayPreparation}.
	 * @param databases the databases to migrate, by name
	 * @param classLoader the class loader that finds drivers and migrations or
	 * {@code null} for the default one
	 */
	public FlywayPreparation(Map<String, MigrationBeans> databases, @Nullable ClassLoader classLoader) {
		this(databases, classLoader, Duration.ofSeconds(30));
	}

	FlywayPreparation(Map<String, MigrationBeans> databases, @Nullable ClassLoader classLoader,
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
	 * Migrates the database if it has migrations.
	 * @throws io.appdbs.DatabaseStartException if a migration or its configuration has to
	 * be corrected
	 * @throws java.sql.SQLException if the connection fails
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition,
			DatabaseConnectionDetails connectionDetails) throws Exception {
		MigrationBeans beans = this.databases.get(definition.name());
		if (beans == null) {
			return null;
		}
		FlywayFailures failures = FlywayFailures.of(definition);
		FlywayModules.require(definition, this.classLoader);
		FlywayProgress progress = new FlywayProgress(definition, this.progressInterval);
		Flyway flyway = null;
		Map<String, Object> details;
		Runnable end = progress.begin();
		try {
			flyway = FlywayFactory.create(definition, connectionDetails, beans.and(progress), this.classLoader);
			details = migrate(definition.name(), flyway);
			AppliedMigrations.verify(definition, flyway);
		}
		catch (FlywayException ex) {
			throw keepFirst(definition.name(), ex, failures.translate(ex, flyway));
		}
		finally {
			end.run();
		}
		this.flyways.put(definition.name(), flyway);
		return details;
	}

	/**
	 * Returns the first failure of a migration. Later attempts only report that it has
	 * failed before.
	 */
	private Exception keepFirst(String name, FlywayException failure, Exception translated) {
		if (failure instanceof FlywayMigrateException) {
			this.failures.put(name, translated);
		}
		Exception first = this.failures.get(name);
		return (first != null && FlywayFailures.isOfEarlierAttempt(failure)) ? first : translated;
	}

	@Override
	public @Nullable DatabaseTemplate getTemplate(DatabaseDefinition definition) {
		MigrationBeans beans = this.databases.get(definition.name());
		return (beans != null) ? new MigratedTemplate(definition, beans, this.classLoader) : null;
	}

	private Map<String, Object> migrate(String name, Flyway flyway) {
		long start = System.nanoTime();
		MigrateResult result = flyway.migrate();
		long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
		String version = (result.targetSchemaVersion != null) ? result.targetSchemaVersion
				: result.initialSchemaVersion;
		if (result.migrationsExecuted > 0) {
			logger.info("Database '%s' was migrated to version %s by %d migration%s in %d ms".formatted(name, version,
					result.migrationsExecuted, (result.migrationsExecuted != 1) ? "s" : "", millis));
		}
		else {
			logger.info("Database '%s' is up to date, checked in %d ms".formatted(name, millis));
		}
		Map<String, Object> details = new LinkedHashMap<>();
		if (version != null) {
			details.put("version", version);
		}
		details.put("executed", result.migrationsExecuted);
		return details;
	}

	/**
	 * Returns the Flyway that has migrated a database or, if it has not been up yet, will
	 * migrate it.
	 * @param definition the database
	 * @return the Flyway of the database
	 * @throws IllegalStateException if it has no migrations
	 */
	public Flyway getFlyway(DatabaseDefinition definition) {
		MigrationBeans beans = this.databases.get(definition.name());
		if (beans == null) {
			throw new IllegalStateException("Database '%s' has no migrations.".formatted(definition.name()));
		}
		return this.flyways.computeIfAbsent(definition.name(), (name) -> FlywayFactory.create(definition,
				definition.connectionDetails().get(), beans, this.classLoader));
	}

}
