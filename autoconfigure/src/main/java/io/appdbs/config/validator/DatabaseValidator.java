package io.appdbs.config.validator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the settings of one database, and whether its engine supports them.
 *
 * @param problems where problems are reported
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
public record DatabaseValidator(SettingProblems problems, @Nullable ClassLoader classLoader) {

	private static final String X509 = "MONGODB-X509";

	public void validate(DatabaseSettings settings, Engine engine, @Nullable DatabaseConnectionDetails details) {
		validateClassPath(engine);
		validateFeatures(settings, engine);
		if (details != null) {
			validateCredential("username", settings.username(), details.username());
			validateCredential("password", settings.password(), details.password());
			validateMongoLogin(settings, engine, details);
			validateEmptyUsername(settings, engine, details);
			if (settings.createDatabase() && engine instanceof JdbcEngine jdbcEngine) {
				validateCreation(jdbcEngine, details);
			}
		}
		new SettingsValidator(this.problems, settings, engine, this.classLoader).validate(details);
		new QueryLogValidator(this.problems, settings, engine, this.classLoader).validate();
		new RlsValidator(this.problems, settings.rls()).validate();
		new SslValidator(this.problems, settings, engine).validate(details);
		new AuditValidator(this.problems, settings.audit(), engine).validate();
		new RowAuditValidator(this.problems, settings.audit().rows(), engine).validate();
		new PrivilegesValidator(this.problems, settings.privileges(), engine).validate();
		new EncryptionValidator(this.problems, settings.encryption(), this.classLoader).validate();
		new CacheValidator(this.problems, settings, this.classLoader).validate();
		new PoolValidator(this.problems, settings.pool(), engine).validate();
		new AdaptivePoolValidator(this.problems, settings.pool(), engine, this.classLoader).validate();
		new PartitionValidator(this.problems, settings, engine).validate();
		new BackupValidator(this.problems, settings.backup(), engine).validate();
		new InspectionValidator(this.problems, settings.inspection(), engine).validate();
		new MaintenanceValidator(this.problems, settings, engine).validate();
		new MongoValidator(this.problems, settings.mongo(), engine, this.classLoader).validate();
		new ReactiveMongoValidator(this.problems, settings.mongo(), engine, this.classLoader).validate(details);
		if (engine.getKind() == DatabaseKind.MONGODB) {
			new MongoConcernValidator(this.problems, settings.mongo(),
					(details != null) ? details.parameters() : Map.of())
				.validate();
		}
	}

	/**
	 * The driver would only report that the connection string is invalid, or ignore a
	 * password.
	 */
	private void validateMongoLogin(DatabaseSettings settings, Engine engine, DatabaseConnectionDetails details) {
		if (engine.getKind() != DatabaseKind.MONGODB) {
			return;
		}
		boolean username = settings.username() != null || details.username() != null;
		String password = findPassword(settings, details);
		String mechanism = findParameter(details, "authMechanism");
		if (X509.equalsIgnoreCase(mechanism) && password != null) {
			this.problems.addOwn(password,
					"'%s' has a password, but the URL '%s' has 'authMechanism=%s', with which the certificate is the login."
						.formatted(this.problems.key(password), this.problems.key("url"), X509),
					"Remove the password, or the parameter.");
		}
		else if (username && password == null && mechanism == null) {
			this.problems.addOwn("password",
					"'%s' is missing, but there is a username.".formatted(this.problems.key("password")),
					"Set '%s', or name the 'authMechanism' in the URL if it needs none. Remove the username if a DatabaseCredentialsProvider bean supplies both."
						.formatted(this.problems.key("password")));
		}
	}

	/**
	 * Returns the key that has a password.
	 */
	private static @Nullable String findPassword(DatabaseSettings settings, DatabaseConnectionDetails details) {
		if (settings.password() != null) {
			return "password";
		}
		if (settings.credentials().passwordFile() != null) {
			return "credentials.password-file";
		}
		return (details.password() != null) ? "url" : null;
	}

	private static @Nullable String findParameter(DatabaseConnectionDetails details, String name) {
		return details.parameters()
			.entrySet()
			.stream()
			.filter((parameter) -> parameter.getKey().equalsIgnoreCase(name))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	/**
	 * If the variable is not set, the application would log in as another user.
	 */
	private void validateEmptyUsername(DatabaseSettings settings, Engine engine, DatabaseConnectionDetails details) {
		if (engine instanceof JdbcEngine jdbcEngine && jdbcEngine.isOperatingSystemUserDefault()
				&& settings.username() == null && this.problems.place("username") != null && details.username() == null
				&& settings.credentials().usernameFile() == null) {
			this.problems.addOwn("username",
					"'%s' is empty, and the driver of %s would log in as the user of the operating system."
						.formatted(this.problems.key("username"), engine.getDisplayName()),
					"Set '%s', or the variable that it refers to. Remove it if a DatabaseCredentialsProvider bean supplies the username, or if the user of the operating system is meant."
						.formatted(this.problems.key("username")));
		}
	}

	private void validateClassPath(Engine engine) {
		List<String> missing = new ArrayList<>();
		if (engine instanceof JdbcEngine jdbcEngine) {
			require(jdbcEngine.getDriverClassName(), jdbcEngine.getDriverCoordinates(), missing);
		}
		if (engine.getKind() == DatabaseKind.RELATIONAL) {
			require("org.springframework.jdbc.core.JdbcTemplate", "org.springframework:spring-jdbc", missing);
			require("com.zaxxer.hikari.HikariDataSource", "com.zaxxer:HikariCP", missing);
		}
		else {
			require("com.mongodb.client.MongoClient", "org.mongodb:mongodb-driver-sync", missing);
			require("org.springframework.data.mongodb.core.MongoTemplate",
					"org.springframework.data:spring-data-mongodb", missing);
		}
		if (!missing.isEmpty()) {
			this.problems
				.addOwn("url",
						"%s needs %s, which %s not on the class path.".formatted(engine.getDisplayName(),
								String.join(" and ", missing.stream().map((it) -> "'" + it + "'").toList()),
								(missing.size() > 1) ? "are" : "is"),
						Dependency.advice(missing))
				.in(TroubleshootingSection.LIBRARY);
		}
	}

	private void require(String className, String coordinates, List<String> missing) {
		if (!ClassUtils.isPresent(className, this.classLoader)) {
			missing.add(coordinates);
		}
	}

	private void validateFeatures(DatabaseSettings settings, Engine engine) {
		JdbcEngine jdbcEngine = (engine instanceof JdbcEngine jdbc) ? jdbc : null;
		if (settings.readOnly() && (jdbcEngine == null || !jdbcEngine.isReadOnlyEnforced())) {
			unsupported("read-only", "true", engine, "does not reject writes on a read-only connection");
		}
		if (settings.rls().enabled() && (jdbcEngine == null || !jdbcEngine.isRowLevelSecuritySupported())) {
			unsupported("rls.enabled", "true", engine, "has no row-level security");
		}
		if (Boolean.TRUE.equals(settings.retry().enabled()) && engine.getKind() == DatabaseKind.MONGODB
				&& EmbeddedServers.isEmbedded(String.valueOf(settings.url()))) {
			unsupported("retry.enabled", "true", engine, "has no transactions where it is embedded");
		}
		if (settings.slowQueryPlan() && !hasPlans(jdbcEngine)) {
			unsupported("slow-query-plan", "true", engine, "has no plans without the values of parameters");
		}
		settings.timeouts().forEach((timeout, limit) -> validateTimeout(timeout, limit, engine));
	}

	private static boolean hasPlans(@Nullable JdbcEngine engine) {
		JdbcInspector inspector = (engine != null) ? engine.getInspector() : null;
		return inspector != null && inspector.getExplainer() != null;
	}

	private void validateTimeout(ServerTimeout timeout, Duration limit, Engine engine) {
		String text = SettingProblems.text(limit);
		if (limit.toMillis() < 1) {
			this.problems.add(timeout.getKey(), text, "but must be at least 1ms",
					"Write 1ms or more, or leave it out for no limit.");
		}
		else if (!((engine instanceof JdbcEngine jdbcEngine) ? jdbcEngine.isSupported(timeout)
				: timeout == ServerTimeout.STATEMENT)) {
			unsupported(timeout.getKey(), text, engine, "does not support " + timeout.getPurpose());
		}
	}

	/**
	 * Nothing to validate if connecting creates a database.
	 */
	private void validateCreation(JdbcEngine engine, DatabaseConnectionDetails details) {
		String database = details.database();
		if (engine.getCreateDatabaseStatement((database != null) ? database : "") == null) {
			return;
		}
		if (engine.getMaintenanceConnectionDetails(details) == null) {
			unsupported("create-database", "true", engine, "does not support creating databases");
		}
		else if (database == null) {
			this.problems.addOwn(
					"create-database", "'%s' is 'true', but '%s' names no database."
						.formatted(this.problems.key("create-database"), this.problems.key("url")),
					"Add the name of the database to the URL.");
		}
	}

	private void unsupported(String key, String value, Engine engine, String what) {
		Place place = this.problems.place(key);
		String action = (place == null || place.own()) ? "Remove '%s'.".formatted(this.problems.key(key))
				: "Move '%s' to the databases whose engine can do it.".formatted(place.key());
		this.problems.addOwn(key,
				"'%s' is '%s', but %s %s.".formatted(this.problems.key(key), value, engine.getDisplayName(), what),
				action);
	}

	/**
	 * A default does not contradict the URL, because the URL overrides it.
	 * @param key the key below the database
	 * @param own the value of the setting
	 * @param inUrl the value in the URL
	 */
	public void validateCredential(String key, @Nullable String own, @Nullable String inUrl) {
		Place place = this.problems.place(key);
		if (inUrl != null && own != null && place != null && place.own() && !Objects.equals(own, inUrl)) {
			this.problems.addOwn(key,
					"'%s' and the URL '%s' both have a %s, and they differ.".formatted(place.key(),
							this.problems.key("url"), key),
					"Remove '%s', or the user information from the URL.".formatted(place.key()));
		}
	}

}
