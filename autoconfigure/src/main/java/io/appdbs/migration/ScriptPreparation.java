package io.appdbs.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.migration.MigrationDataSource.Login;
import io.appdbs.migration.ScriptLocations.Script;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.SqlInitSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.datasource.init.ScriptException;

/**
 * {@link DatabasePreparation} that executes SQL scripts, after migrations as in Spring
 * Boot: first those for the schema, then those for data.
 */
public final class ScriptPreparation implements DatabasePreparation {

	private static final Log logger = LogFactory.getLog(ScriptPreparation.class);

	private final @Nullable ClassLoader classLoader;

	/** Failures of earlier attempts, by database. */
	private final Map<String, ScriptFailure> failures = new ConcurrentHashMap<>();

	/**
	 * Creates a new {@link ScriptPreparation}.
	 * @param classLoader the class loader that finds drivers and scripts or {@code null}
	 * for the default one
	 */
	public ScriptPreparation(@Nullable ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	@Override
	public String getName() {
		return "scripts";
	}

	/**
	 * Executes the scripts of the database if it has any.
	 * @throws io.appdbs.DatabaseStartException if a script has to be corrected
	 * @throws java.sql.SQLException if the connection fails
	 */
	@Override
	public @Nullable Map<String, Object> prepare(DatabaseDefinition definition, DatabaseConnectionDetails details)
			throws SQLException {
		SqlInitSettings settings = definition.settings().sqlInit();
		if (definition.replicaOf() != null || settings.mode() == SqlInitSettings.Mode.NEVER) {
			return null;
		}
		ScriptLocations locations = new ScriptLocations(definition.name(), settings, this.classLoader);
		List<Script> scripts = Stream.of(locations.findSchema(), locations.findData()).flatMap(List::stream).toList();
		if (scripts.isEmpty()) {
			return null;
		}
		if (!ScriptLocations.isActive(definition.settings())) {
			logger.info("Database '%s' is not embedded, so its SQL scripts are not executed: '%s' is 'embedded'"
				.formatted(definition.name(), definition.key("sql-init.mode")));
			return null;
		}
		execute(definition, details, scripts);
		this.failures.remove(definition.name());
		logger.info("Database '%s' was initialized by %d SQL script%s".formatted(definition.name(), scripts.size(),
				(scripts.size() != 1) ? "s" : ""));
		return Map.of("executed", scripts.size());
	}

	private void execute(DatabaseDefinition definition, DatabaseConnectionDetails details, List<Script> scripts)
			throws SQLException {
		SqlInitSettings settings = definition.settings().sqlInit();
		MigrationDataSource dataSource = MigrationDataSource.create(definition, details,
				new Login(null, settings.username(), settings.password()), Map.of(), this.classLoader);
		try (Connection connection = connect(definition, dataSource)) {
			for (Script script : scripts) {
				execute(definition, script, connection);
			}
		}
	}

	private static Connection connect(DatabaseDefinition definition, MigrationDataSource dataSource)
			throws SQLException {
		try {
			return dataSource.getConnection();
		}
		catch (SQLException ex) {
			throw ScriptFailure.ofLogin(definition, ex);
		}
	}

	private void execute(DatabaseDefinition definition, Script script, Connection connection) throws SQLException {
		SqlInitSettings settings = definition.settings().sqlInit();
		ResourceDatabasePopulator populator = new ResourceDatabasePopulator(script.resource());
		populator.setContinueOnError(settings.continueOnError());
		populator.setSeparator(settings.separator());
		if (settings.encoding() != null) {
			populator.setSqlScriptEncoding(settings.encoding().name());
		}
		try {
			populator.populate(connection);
		}
		catch (ScriptException ex) {
			ScriptFailure failure = ScriptFailure.of(definition, script, ex);
			throw this.failures.merge(definition.name(), failure, ScriptFailure::keepFirst).toException();
		}
	}

}
