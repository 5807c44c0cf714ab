package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.appdbs.bean.registry.UserBeans;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.migration.FlywayPreparation;
import io.appdbs.migration.MigrationBeans;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.util.ClassUtils;

/**
 * Creates the beans for migrations.
 */
final class FlywayBeans {

	private static final boolean bootFlywayPresent = ClassUtils.isPresent(
			"org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer",
			FlywayBeans.class.getClassLoader());

	private FlywayBeans() {
	}

	/**
	 * Collects the application's additions here, since the threads that migrate the
	 * databases must not call the bean factory.
	 */
	static FlywayPreparation migrations(String[] names, ConfigurableListableBeanFactory beanFactory) {
		Map<String, MigrationBeans> databases = new LinkedHashMap<>();
		for (String name : names) {
			databases.put(name,
					new MigrationBeans(find(name, Callback.class, beanFactory),
							find(name, JavaMigration.class, beanFactory),
							bootFlywayPresent ? BootFlywayBeans.customizers(name, beanFactory) : List.of()));
		}
		return new FlywayPreparation(databases, beanFactory.getBeanClassLoader());
	}

	static Flyway flyway(String name, FlywayPreparation migrations, DatabaseLifecycle lifecycle) {
		lifecycle.getConnector(name, DatabaseConnector.class);
		return migrations.getFlyway(lifecycle.getDefinition(name));
	}

	private static <T> List<T> find(String name, Class<T> type, ConfigurableListableBeanFactory beanFactory) {
		return UserBeans.getAll(beanFactory, type,
				(beanName) -> UserBeans.isQualified(beanFactory, beanName, name::equals));
	}

	private static final class BootFlywayBeans {

		static List<Consumer<FluentConfiguration>> customizers(String name,
				ConfigurableListableBeanFactory beanFactory) {
			return find(name, FlywayConfigurationCustomizer.class, beanFactory).stream()
				.map((customizer) -> (Consumer<FluentConfiguration>) customizer::customize)
				.toList();
		}

	}

}
