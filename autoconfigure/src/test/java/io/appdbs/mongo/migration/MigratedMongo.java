package io.appdbs.mongo.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.MigrationFolder;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A MongoDB database {@code catalog} that is migrated.
 */
abstract class MigratedMongo {

	protected static final String HISTORY = "appdbs_migrations";

	@TempDir
	protected Path folder;

	protected String url;

	protected MongoClient client;

	protected MongoDatabase database;

	protected LoggedLines logged;

	protected MigrationFolder migrations;

	/**
	 * Returns the URL of a new database.
	 */
	protected abstract String createDatabase();

	@BeforeEach
	void connect() {
		this.url = createDatabase();
		this.client = MongoClients.create(this.url);
		this.database = this.client.getDatabase(this.url.replaceFirst(".*/([^/?]+)(\\?.*)?$", "$1"));
		this.migrations = new MigrationFolder(this.folder);
		this.logged = new LoggedLines();
	}

	@AfterEach
	void disconnect() {
		this.logged.close();
		this.client.close();
	}

	protected final MigratedMongo write(String file, String... commands) {
		this.migrations.write("catalog/" + file, "[" + String.join(",\n", commands) + "]");
		return this;
	}

	protected final ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(this.migrations.classLoader())
			.withPropertyValues("app.dbs.catalog.url=" + this.url)
			.withPropertyValues(properties);
	}

	protected static ApplicationContextRunner with(ApplicationContextRunner runner, String name,
			MongoMigration migration) {
		return runner.withBean(name, MongoMigration.class, () -> migration, MigratedMongo::qualify);
	}

	protected static void qualify(BeanDefinition definition) {
		((AbstractBeanDefinition) definition).addQualifier(new AutowireCandidateQualifier(Qualifier.class, "catalog"));
	}

	protected static Map<String, Object> report(ApplicationContext context) {
		return catalog(context).getSnapshot().preparation("migration").details();
	}

	protected static Database catalog(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog");
	}

	protected final void start(String... properties) {
		start(runner(properties));
	}

	protected final void start(ApplicationContextRunner runner) {
		runner.run((context) -> assertThat(context).hasNotFailed());
	}

	protected final MongoCollection<Document> history() {
		return this.database.getCollection(HISTORY);
	}

	protected final List<String> versions() {
		return history().find().map((entry) -> entry.getString("_id")).into(new ArrayList<>());
	}

	protected static MongoMigration migration(String version, String description, Action action) {
		return new MongoMigration() {

			@Override
			public void migrate(MongoTemplate template) throws Exception {
				action.migrate(template);
			}

			@Override
			public String getVersion() {
				return version;
			}

			@Override
			public String getDescription() {
				return description;
			}

		};
	}

	interface Action {

		void migrate(MongoTemplate template) throws Exception;

	}

}
