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
 * Migrates databases before they are used, each with a {@link Flyway} of its own that
 * connects on its own, and verifies what came out.
 */
public final class FlywayPreparation implements DatabasePreparation, DatabaseTemplates {

	private static final Log logger = LogFactory.getLog(FlywayPreparation.class);

	private final Map<String, MigrationBeans> databases;

	private final @Nullable ClassLoader classLoader;

	private final Duration progressInterval;

	private final Map<String, Flyway> flyways = new ConcurrentHashMap<>();

	/** What failed when a migration was executed, which Flyway itself does not keep. */
	private final Map<String, Exception> failures = new ConcurrentHashMap<>();

	/**
	 * Create a new {@link FlywayPreparation}.
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
	 * Migrate the database if it is one of those to migrate.
	 * @throws io.appdbs.DatabaseStartException if a migration or its configuration has to
	 * be corrected
	 * @throws java.sql.SQLException if the database cannot be connected to
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails target)
			throws Exception {
		MigrationBeans beans = this.databases.get(definition.name());
		if (beans == null) {
			return null;
		}
		FlywayFailures failures = new FlywayFailures(definition);
		FlywayModules.require(definition, this.classLoader);
		MigrationProgress progress = new MigrationProgress(definition, this.progressInterval);
		Flyway flyway = null;
		Map<String, Object> details;
		Runnable end = progress.begin();
		try {
			flyway = FlywayFactory.create(definition, target, beans.and(progress), this.classLoader);
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
	 * A later attempt fails because a migration has failed before, which does not say
	 * why.
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
			logger.info("Database '%s' needed no migration, found out in %d ms".formatted(name, millis));
		}
		Map<String, Object> details = new LinkedHashMap<>();
		if (version != null) {
			details.put("version", version);
		}
		details.put("executed", result.migrationsExecuted);
		return details;
	}

	/**
	 * Return what a database was migrated with or, while it has been down all the time,
	 * will be.
	 * @param definition the database
	 * @return its Flyway
	 * @throws IllegalStateException if it is not one of those to migrate
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
