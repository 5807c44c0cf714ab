package io.appdbs.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.ConnectionTarget;
import io.appdbs.engine.DatabaseDefinition;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.DatabaseSettings;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.jdbc.JdbcDatabaseOpener;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.mongo.MongoDatabaseOpener;

import org.springframework.core.env.Environment;

final class DatabaseBeans {

	private DatabaseBeans() {
	}

	static EmbeddedServers embeddedServers() {
		return new EmbeddedServers(DatabaseBeans.class.getClassLoader());
	}

	static DatabaseLifecycle lifecycle(String[] names, String[] replaced, EmbeddedServers servers,
			Environment environment) {
		Engines engines = Engines.load(DatabaseBeans.class.getClassLoader());
		Map<String, DatabaseSettings> all = DatabaseSettingsBinder.bind(environment, List.of(names),
				DatabaseBeans.class.getClassLoader());
		List<DatabaseDefinition> definitions = new ArrayList<>();
		all.forEach((name, settings) -> {
			String url = java.util.Objects.requireNonNull(settings.url());
			boolean embedded = EmbeddedServers.isEmbedded(url);
			Engine engine = java.util.Objects
				.requireNonNull(embedded ? engines.findById(servers.validate(url)) : engines.findByUrl(url));
			Supplier<ConnectionTarget> target = () -> engine.resolve(embedded ? servers.getUrl(url, name) : url);
			definitions.add(new DatabaseDefinition(name, settings, engine, target));
		});
		return new DatabaseLifecycle(definitions,
				(definition) -> (definition.engine().getKind() == DatabaseKind.RELATIONAL)
						? new JdbcDatabaseOpener(engines) : new MongoDatabaseOpener(List.of()));
	}

}
