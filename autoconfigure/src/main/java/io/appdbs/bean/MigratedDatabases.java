package io.appdbs.bean;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.migration.MigrationFiles;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Determines which databases get a Flyway: those with migrations at the default location,
 * with a migration in Java, or with any key below {@code flyway}.
 */
public final class MigratedDatabases {

	private static final String FLYWAY = "org.flywaydb.core.Flyway";

	private static final String JAVA_MIGRATION = "org.flywaydb.core.api.migration.JavaMigration";

	static final String CUSTOMIZER = "org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer";

	private static final List<String> ADDITIONS = List.of(JAVA_MIGRATION, "org.flywaydb.core.api.callback.Callback",
			CUSTOMIZER, "liquibase.integration.spring.Customizer");

	private final ConfigurableListableBeanFactory beanFactory;

	private final MigrationKeys keys;

	private final boolean flywayPresent;

	private final MigrationFiles files;

	public MigratedDatabases(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.keys = new MigrationKeys(environment, "flyway", "locations");
		this.flywayPresent = ClassUtils.isPresent(FLYWAY, beanFactory.getBeanClassLoader());
		this.files = this.flywayPresent ? MigrationFiles.find(beanFactory.getBeanClassLoader())
				: new MigrationFiles(List.of());
	}

	public boolean contains(DeclaredDatabase database) {
		return findReason(database) != null;
	}

	/**
	 * Returns why a database gets a Flyway.
	 * @return the end of a sentence or {@code null} if it gets none
	 */
	@Nullable String findReason(DeclaredDatabase database) {
		if (!this.flywayPresent || !database.isRelational() || !this.keys.isEnabled(database.name())) {
			return null;
		}
		String key = this.keys.find(database.name());
		if (key != null) {
			return key + " is set";
		}
		if (this.files.hasAnyOf(database.name())) {
			return "there are migrations in '%s/%s'".formatted(MigrationFiles.ROOT, database.name());
		}
		return beans(JAVA_MIGRATION, database.name()).findFirst()
			.map((bean) -> "the JavaMigration bean '%s' has its qualifier".formatted(bean))
			.orElse(null);
	}

	/**
	 * Hides the application's additions to one of the databases, even an excluded one,
	 * from Boot's own Flyway and Liquibase, which use every such bean that does not
	 * require a qualifier.
	 * @param names the names of the databases
	 */
	public void hideAdditions(Collection<String> names) {
		for (String name : names) {
			ADDITIONS.stream()
				.flatMap((type) -> beans(type, name))
				.filter(this.beanFactory::containsBeanDefinition)
				.forEach(this::hide);
		}
	}

	private void hide(String beanName) {
		BeanDefinition definition = this.beanFactory.getBeanDefinition(beanName);
		if (definition instanceof AbstractBeanDefinition abstractDefinition) {
			abstractDefinition.setDefaultCandidate(false);
		}
	}

	private Stream<String> beans(String type, String name) {
		return UserBeans.getNames(this.beanFactory, type, name::equals);
	}

}
