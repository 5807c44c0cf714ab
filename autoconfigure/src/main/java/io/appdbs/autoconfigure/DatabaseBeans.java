package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Set;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.Engines;
import io.appdbs.jdbc.JdbcDatabaseOpener;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseOpener;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.lifecycle.OpenedDatabase;
import io.appdbs.mongo.MongoDatabaseOpener;

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
	static DatabaseLifecycle lifecycle(String[] names, String[] replaced, Environment environment,
			ObjectProvider<EmbeddedServers> servers, ObjectProvider<DatabasePreparation> preparations,
			ListableBeanFactory beanFactory) {
		ClassLoader classLoader = DatabaseBeans.class.getClassLoader();
		List<DatabaseDefinition> definitions = DatabaseSettingsBinder.bind(environment, List.of(names), classLoader)
			.values()
			.stream()
			.map((database) -> define(database, servers))
			.toList();
		Openers openers = new Openers(Engines.load(classLoader), Set.of(replaced),
				preparations.orderedStream().toList(), beanFactory);
		return new DatabaseLifecycle(definitions, openers::get);
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
	private record Openers(Engines engines, Set<String> replaced, List<DatabasePreparation> preparations,
			ListableBeanFactory beanFactory) {

		DatabaseOpener get(DatabaseDefinition definition) {
			if (this.replaced.contains(definition.name())) {
				return (database, target) -> new OpenedDatabase(() -> {
				}, database.engine(), "a bean of the application");
			}
			return (definition.engine().getKind() == DatabaseKind.RELATIONAL)
					? new JdbcDatabaseOpener(this.engines, this.preparations) : Mongo.opener(this.beanFactory);
		}

	}

	private static final class Mongo {

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
