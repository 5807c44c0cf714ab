package io.appdbs.benchmarks.startup;

import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.core.env.Environment;

/**
 * The beans that an application writes by hand for each of its databases: the properties,
 * the pool, and a Flyway that migrates. The databases are those below {@code databases}.
 */
class HandWrittenDatabases implements BeanRegistrar {

	@Override
	public void register(BeanRegistry registry, Environment environment) {
		Binder binder = Binder.get(environment);
		Set<String> names = binder.bind("databases", Bindable.mapOf(String.class, Object.class)).get().keySet();
		names.forEach((name) -> register(name, registry, binder));
	}

	private static void register(String name, BeanRegistry registry, Binder binder) {
		String properties = name + "Properties";
		String dataSource = name + "DataSource";
		registry.registerBean(properties, DataSourceProperties.class, (spec) -> spec
			.supplier((context) -> binder.bind("databases." + name, DataSourceProperties.class).get()));
		registry.registerBean(dataSource, HikariDataSource.class, (spec) -> spec.supplier((context) -> {
			HikariDataSource pool = context.bean(properties, DataSourceProperties.class)
				.initializeDataSourceBuilder()
				.type(HikariDataSource.class)
				.build();
			return binder.bind("databases." + name + ".hikari", Bindable.ofInstance(pool)).get();
		}));
		registry.registerBean(name + "Flyway", Flyway.class, (spec) -> spec.supplier((context) -> {
			Flyway flyway = Flyway.configure()
				.dataSource(context.bean(dataSource, HikariDataSource.class))
				.locations("classpath:db/migration/" + name)
				.load();
			flyway.migrate();
			return flyway;
		}));
	}

}
