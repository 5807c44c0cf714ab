package io.appdbs.benchmarks.health;

import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * An application with a pool for each of the databases below {@code databases}, which are
 * names and URLs. Prints its port.
 */
@SpringBootApplication
@Import(PlainBootApplication.HandWrittenDatabases.class)
public class PlainBootApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(PlainBootApplication.class, args);
		System.out.println("PORT " + context.getEnvironment().getProperty("local.server.port"));
	}

	static class HandWrittenDatabases implements BeanRegistrar {

		@Override
		public void register(BeanRegistry registry, Environment environment) {
			Map<String, String> urls = Binder.get(environment)
				.bind("databases", Bindable.mapOf(String.class, String.class))
				.get();
			urls.forEach((name, url) -> registry.registerBean(name, HikariDataSource.class,
					(spec) -> spec.supplier((context) -> create(url))));
		}

		private static HikariDataSource create(String url) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(url);
			// otherwise the application would not start while its databases are silent
			pool.setInitializationFailTimeout(-1);
			return pool;
		}

	}

}
