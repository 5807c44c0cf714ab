package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.Engines;
import io.appdbs.jdbc.JdbcDatabaseOpener;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseOpener;
import io.appdbs.lifecycle.OpenedDatabase;
import io.appdbs.mongo.MongoDatabaseOpener;
import io.appdbs.mongo.OpenedMongo;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.mongodb.autoconfigure.StandardMongoClientSettingsBuilderCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Creates the beans that all databases share.
 */
final class DatabaseBeans {

	private static final boolean bootMongoPresent = ClassUtils.isPresent(
			"org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer",
			DatabaseBeans.class.getClassLoader());

	private DatabaseBeans() {
	}

	static EmbeddedServers embeddedServers() {
		return new EmbeddedServers(DatabaseBeans.class.getClassLoader());
	}

	/**
	 * Bind the databases, all before any is opened, and begin to open them.
	 */
	static DatabaseLifecycle lifecycle(String[] names, String[] replaced, String[] kinds, Environment environment,
			ObjectProvider<EmbeddedServers> servers, ListableBeanFactory beanFactory) {
		ClassLoader classLoader = DatabaseBeans.class.getClassLoader();
		Map<String, BoundDatabase> databases = DatabaseSettingsBinder.bind(environment, List.of(names), classLoader);
		for (int i = 0; i < names.length; i++) {
			refuseOtherKind(databases.get(names[i]), DatabaseKind.valueOf(kinds[i]));
		}
		List<DatabaseDefinition> definitions = databases.values()
			.stream()
			.map((database) -> define(database, servers))
			.toList();
		Openers openers = new Openers(Engines.load(classLoader), Set.of(replaced), beanFactory);
		return new DatabaseLifecycle(definitions, openers::get);
	}

	/**
	 * A URL may still change when the beans have been defined, or processed ahead of
	 * time, but not to one that needs other beans.
	 */
	private static void refuseOtherKind(@Nullable BoundDatabase database, DatabaseKind kind) {
		if (database != null && database.engine().getKind() != kind) {
			String key = "app.dbs.%s.engine".formatted(database.name());
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': 'app.dbs.%s.url' is a URL of %s, but was not when the beans of the database were defined."
						.formatted(database.name(), database.name(), database.engine().getDisplayName()),
					"Set '%s' to '%s' where it is known from the beginning, or give the URL earlier.".formatted(key,
							database.engine().getId()),
					null);
		}
	}

	private static DatabaseDefinition define(BoundDatabase database, ObjectProvider<EmbeddedServers> servers) {
		ConnectionTarget target = database.target();
		return (target != null)
				? new DatabaseDefinition(database.name(), database.settings(), database.engine(), () -> target)
				: defineEmbedded(database, servers);
	}

	/**
	 * Define a database on an embedded server, which has its own login and is started by
	 * whoever asks for the target.
	 */
	private static DatabaseDefinition defineEmbedded(BoundDatabase database, ObjectProvider<EmbeddedServers> provider) {
		// got here: the database's own thread must not call the bean factory
		EmbeddedServers servers = provider.getObject();
		DatabaseSettings settings = database.settings();
		String url = String.valueOf(settings.url());
		return new DatabaseDefinition(database.name(), settings.withCredentials(null, null), database.engine(),
				() -> database.engine().resolve(servers.getUrl(url, database.name())));
	}

	/**
	 * Finds what opens a database. What a bean of the application stands for is not
	 * opened a second time.
	 */
	private record Openers(Engines engines, Set<String> replaced, ListableBeanFactory beanFactory) {

		DatabaseOpener get(DatabaseDefinition definition) {
			boolean replaced = this.replaced.contains(definition.name());
			if (definition.engine().getKind() != DatabaseKind.RELATIONAL) {
				return replaced ? Mongo.replaced() : Mongo.opener(this.beanFactory);
			}
			return replaced ? replaced((target) -> () -> {
			}) : new JdbcDatabaseOpener(this.engines);
		}

		static DatabaseOpener replaced(Function<ConnectionTarget, AutoCloseable> resource) {
			return (database, target) -> new OpenedDatabase(resource.apply(target), database.engine(),
					"a bean of the application");
		}

	}

	private static final class Mongo {

		/**
		 * The application's own client does not know the name of the database.
		 */
		static DatabaseOpener replaced() {
			return Openers.replaced((target) -> new OpenedMongo(null, String.valueOf(target.database())));
		}

		static DatabaseOpener opener(ListableBeanFactory beanFactory) {
			return new MongoDatabaseOpener(bootMongoPresent ? BootMongo.customizers(beanFactory) : List.of());
		}

	}

	/**
	 * The customizers that an application defines for Boot's client hold for all clients,
	 * but for the one that makes every client connect to Boot's server.
	 */
	private static final class BootMongo {

		static List<MongoDatabaseOpener.Customizer> customizers(ListableBeanFactory beanFactory) {
			ObjectProvider<MongoClientSettingsBuilderCustomizer> all = beanFactory
				.getBeanProvider(MongoClientSettingsBuilderCustomizer.class);
			return all.orderedStream()
				.filter((customizer) -> !(customizer instanceof StandardMongoClientSettingsBuilderCustomizer))
				.map((customizer) -> (MongoDatabaseOpener.Customizer) customizer::customize)
				.toList();
		}

	}

}
