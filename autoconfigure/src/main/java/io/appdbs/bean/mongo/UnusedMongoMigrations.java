package io.appdbs.bean.mongo;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.migration.MigrationFiles;
import io.appdbs.migration.MigrationLocation;
import io.appdbs.mongo.migration.CommandLocations;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Reports migrations for MongoDB that no database executes. Works without MongoDB's
 * driver.
 *
 * @param databases the databases, without replicas
 * @param replaced the names of the databases that a bean of the application replaces
 * @param environment the environment with the names of all databases
 * @param beanFactory the bean factory
 */
public record UnusedMongoMigrations(List<DatabaseDefinition> databases, Set<String> replaced, Environment environment,
		ConfigurableListableBeanFactory beanFactory) {

	/** The interface of migrations in Java, whose methods have types of Spring Data. */
	static final String TYPE = "io.appdbs.mongo.migration.MongoMigration";

	private static final Log logger = LogFactory.getLog(UnusedMongoMigrations.class);

	private static final Pattern FILE = Pattern.compile("(.*/)?[VR][0-9_.]*__[^/]+\\.json");

	/**
	 * Checks all beans and files. Files are reported with a warning, as another library
	 * may use them.
	 * @throws InvalidDatabaseConfigurationException if a bean would never be executed
	 */
	public void check() {
		mongo().stream().filter((database) -> this.replaced.contains(database.name())).forEach(this::checkReplaced);
		UserBeans.getNames(this.beanFactory, TYPE, (qualifier) -> true)
			.filter((bean) -> UserBeans.isAutowireCandidate(this.beanFactory, bean))
			.forEach(this::checkBean);
		if (!mongo().isEmpty()) {
			MigrationFiles.find(this.beanFactory.getBeanClassLoader()).byFolder(FILE).forEach(this::checkFolder);
		}
	}

	private List<DatabaseDefinition> mongo() {
		return this.databases.stream().filter(UnusedMongoMigrations::isMongo).toList();
	}

	private static boolean isMongo(DatabaseDefinition database) {
		return database.engine().getKind() == DatabaseKind.MONGODB;
	}

	private @Nullable DatabaseDefinition find(String name) {
		return this.databases.stream().filter((database) -> database.name().equals(name)).findFirst().orElse(null);
	}

	private void checkReplaced(DatabaseDefinition database) {
		if (!database.settings().mongo().migrations().locations().isEmpty()) {
			String key = database.key("mongo.migrations.locations");
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is set, but a MongoClient bean of the application replaces the database, and its migrations would never be executed."
						.formatted(database.name(), key),
					"Remove the bean, or remove '%s'.".formatted(key), null)
				.in(TroubleshootingSection.BEAN);
		}
	}

	private void checkBean(String bean) {
		String name = DatabaseNames.getAll(this.environment)
			.stream()
			.filter((database) -> UserBeans.isQualified(this.beanFactory, bean, database::equals))
			.findFirst()
			.orElse(null);
		if (name == null) {
			List<String> mongo = mongo().stream().map(DatabaseDefinition::name).toList();
			throw new InvalidDatabaseConfigurationException(null, null,
					"The MongoMigration bean '%s' does not have the qualifier of a database, so it would never be executed."
						.formatted(bean),
					"Add @Qualifier(\"%s\") to the bean. MongoDB databases: %s.".formatted(
							mongo.isEmpty() ? "<name>" : mongo.get(0),
							mongo.isEmpty() ? "none" : String.join(", ", mongo)),
					null)
				.in(TroubleshootingSection.UNUSED_MIGRATION);
		}
		DatabaseDefinition database = find(name);
		if (database != null && !isMongo(database)) {
			throw unused(name, bean, "%s is not MongoDB".formatted(database.engine().getDisplayName()),
					"Give the bean the qualifier of a MongoDB database.");
		}
		if (this.replaced.contains(name)) {
			throw unused(name, bean, "a MongoClient bean of the application replaces the database",
					"Remove one of the two beans.");
		}
	}

	private static InvalidDatabaseConfigurationException unused(String database, String bean, String reason,
			String action) {
		return new InvalidDatabaseConfigurationException(database, null,
				"Database '%s': the MongoMigration bean '%s' would never be executed, since %s.".formatted(database,
						bean, reason),
				action, null)
			.in(TroubleshootingSection.UNUSED_MIGRATION);
	}

	private void checkFolder(String folder, List<String> paths) {
		if (mongo().stream().flatMap(UnusedMongoMigrations::locations).anyMatch((location) -> location.isIn(folder))) {
			if (this.replaced.contains(folder)) {
				log(folder, "a MongoClient bean of the application replaces database '%s'. Remove the folder."
					.formatted(folder));
			}
			return;
		}
		List<String> all = DatabaseNames.getAll(this.environment);
		DatabaseDefinition database = find(folder);
		if (folder.isEmpty()) {
			log(folder,
					"they are not in the folder of a database: %s. Move them to '%s/<name>', where <name> is the name of the database. MongoDB databases: %s."
						.formatted(String.join(", ", paths), MigrationFiles.ROOT,
								String.join(", ", mongo().stream().map(DatabaseDefinition::name).toList())));
		}
		else if (!all.contains(folder)) {
			log(folder,
					"no database has the name '%s'. %s Rename the folder, or add 'classpath:%s/%1$s' to 'app.dbs.<name>.mongo.migrations.locations' of a database."
						.formatted(folder, KnownKeys.suggest(folder, "databases", all), MigrationFiles.ROOT));
		}
		else if (database != null && !isMongo(database)) {
			log(folder, "database '%s' is %s. Remove the files, or move them to the folder of a MongoDB database."
				.formatted(folder, database.engine().getDisplayName()));
		}
		else if (database != null && database.settings().mongo().migrations().enabled()) {
			log(folder,
					"'%s' has other locations. Add 'classpath:%s/%s' to the locations of the database, or remove the folder."
						.formatted(database.key("mongo.migrations.locations"), MigrationFiles.ROOT, folder));
		}
	}

	private static Stream<MigrationLocation> locations(DatabaseDefinition database) {
		return CommandLocations.of(database).stream().map(MigrationLocation::of);
	}

	private static void log(String folder, String reason) {
		logger.warn("MongoDB's migrations in '%s' are not executed: %s"
			.formatted(folder.isEmpty() ? MigrationFiles.ROOT : MigrationFiles.ROOT + "/" + folder, reason));
	}

}
