package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.MongoSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import io.appdbs.settings.mongo.ShardingSettings;
import io.appdbs.settings.security.AuditSettings.Statements;
import io.appdbs.settings.security.PrivilegesSettings;
import io.appdbs.settings.security.VerificationMode;

/**
 * Rejects settings of databases that a bean of the application replaces, if they have no
 * effect on its connections.
 */
final class ReplacedDatabases {

	private static final String VERIFY = "privileges.verify";

	private ReplacedDatabases() {
	}

	/**
	 * The connections of an application's bean have no context of row-level security, can
	 * write, and never use a replica.
	 */
	static void validate(DatabaseDefinition database) {
		if (database.settings().rls().enabled()) {
			reject(database, "rls.enabled", "is true", "its connections would not be secured");
		}
		if (database.settings().readOnly()) {
			reject(database, "read-only", "is true", "its connections could write");
		}
		Statements audited = database.settings().audit().statements();
		if (audited != Statements.OFF) {
			reject(database, "audit.statements", "is " + audited.name().toLowerCase(Locale.ROOT),
					"its units of work would not be recorded");
		}
		if (!database.settings().replicas().isEmpty()) {
			reject(database, "replicas", "is set", "its connections would never use them");
		}
		if (!database.settings().audit().rows().tables().isEmpty()) {
			reject(database, "audit.rows.tables", "is set", "its triggers would not be verified");
		}
		if (!database.settings().partitions().isEmpty()) {
			reject(database, "partitions", "is set", "its partitions would not be created");
		}
		if (!database.settings().maintenance().operations().isEmpty()) {
			reject(database, "maintenance.operations", "is set", "it is not known how to log in for them");
		}
		if (database.settings().slowQueryPlan()) {
			reject(database, "slow-query-plan", "is true", "the starter does not know how to connect for a plan");
		}
		if (database.settings().mongo().indexes().mode() == MongoIndexSettings.Mode.CREATE) {
			reject(database, "mongo.indexes.mode", "is create", "its indexes would not be created");
		}
		MongoValidatorSettings.Mode validators = database.settings().mongo().validators().mode();
		if (validators != MongoValidatorSettings.Mode.OFF) {
			reject(database, "mongo.validators.mode", "is " + validators.name().toLowerCase(Locale.ROOT),
					"its validators would not be compared");
		}
		ShardingSettings.Mode sharding = database.settings().sharding().mode();
		if (sharding != ShardingSettings.Mode.OFF && !database.key("sharding.mode").startsWith("app.dbs-defaults")) {
			reject(database, "sharding.mode", "is " + sharding.name().toLowerCase(Locale.ROOT),
					"its collections would not be compared");
		}
		if (database.settings().backup().maxArchiveLag() != null
				&& !database.key("backup.max-archive-lag").startsWith("app.dbs-defaults")) {
			reject(database, "backup.max-archive-lag", "is set",
					"the starter does not know how to connect for the archiving of its server");
		}
		rejectConcerns(database);
		rejectPrivileges(database);
		if (database.settings().ssl().bundle() != null && !database.key("ssl.bundle").startsWith("app.dbs-defaults")) {
			reject(database, "ssl.bundle", "is '%s'".formatted(database.settings().ssl().bundle()),
					"its connections would not use it");
		}
		if (database.settings().inspection().interval() != null) {
			reject(database, "inspection.interval", "is set",
					"the starter does not know how to connect for an inspection");
		}
	}

	/**
	 * A default is for the databases whose client is that of the starter.
	 */
	private static void rejectConcerns(DatabaseDefinition database) {
		MongoSettings mongo = database.settings().mongo();
		Map<String, Boolean> settings = new LinkedHashMap<>();
		settings.put("mongo.read-preference", mongo.readPreference() != null);
		settings.put("mongo.read-concern", mongo.readConcern() != null);
		settings.put("mongo.write-concern", mongo.writeConcern() != null);
		settings.forEach((setting, set) -> {
			if (set && !database.key(setting).startsWith("app.dbs-defaults")) {
				reject(database, setting, "is set", "its client would ignore it");
			}
		});
	}

	/**
	 * A default is for the databases that the starter connects to, unless the login must
	 * be verified.
	 */
	private static void rejectPrivileges(DatabaseDefinition database) {
		PrivilegesSettings privileges = database.settings().privileges();
		String consequence = "its login would not be verified";
		if (privileges.verify() == VerificationMode.FAIL) {
			String key = database.key(VERIFY);
			reject(database, VERIFY, "is fail", consequence,
					isDefault(key) ? "set '%s' to 'off'".formatted(DatabaseDefinition.key(database.name(), VERIFY))
							: "remove '%s'".formatted(key));
		}
		if (!privileges.allow().isEmpty() && !isDefault(database.key("privileges.allow"))) {
			reject(database, "privileges.allow", "is set", consequence);
		}
	}

	private static boolean isDefault(String key) {
		return key.startsWith("app.dbs-defaults");
	}

	private static void reject(DatabaseDefinition database, String setting, String state, String consequence) {
		reject(database, setting, state, consequence, "remove '%s'".formatted(database.key(setting)));
	}

	private static void reject(DatabaseDefinition database, String setting, String state, String consequence,
			String alternative) {
		String key = database.key(setting);
		throw new InvalidDatabaseConfigurationException(database.name(), key,
				"Database '%s': '%s' %s, but a %s bean of the application replaces the database, and %s.".formatted(
						database.name(), key, state,
						(database.engine().getKind() == DatabaseKind.MONGODB) ? "MongoClient" : "DataSource",
						consequence),
				"Remove the bean, or %s.".formatted(alternative), null)
			.in(TroubleshootingSection.BEAN);
	}

}
