package io.appdbs.bean;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.CandidateRoles;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Registers the bean definitions for migrations.
 */
public final class MigrationBeanDefinitions {

	/**
	 * The bean with the Flyway instances of all databases.
	 */
	public static final String MIGRATIONS = "appDbsMigrations";

	/**
	 * The bean with the Liquibase instances of all databases.
	 */
	public static final String CHANGELOGS = "appDbsChangelogs";

	private final BeanDefinitionRegistry registry;

	private final DatabaseBeanRegistry beans;

	private final Map<String, String> flyways = new LinkedHashMap<>();

	private final Map<String, String> liquibases = new LinkedHashMap<>();

	MigrationBeanDefinitions(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans) {
		this.registry = registry;
		this.beans = beans;
	}

	/**
	 * Registers the beans, except for those of databases that a bean of the application
	 * replaces, since its connections are not known here.
	 */
	void register(List<DeclaredDatabase> databases, MigrationTool flyway, MigrationTool liquibase) {
		List<DeclaredDatabase> ours = databases.stream()
			.filter((database) -> !this.beans.getReplaced().contains(database.name()))
			.toList();
		ours.stream().filter(flyway.databases()).forEach((database) -> Migrations.register(this, database, flyway));
		ours.stream()
			.filter(liquibase.databases())
			.forEach((database) -> Changelogs.register(this, database, liquibase));
		registerShared(MIGRATIONS, FlywayBeans.class, "migrations", this.flyways);
		registerShared(CHANGELOGS, LiquibaseBeans.class, "changelogs", this.liquibases);
		List<String> all = Stream.concat(this.flyways.values().stream(), this.liquibases.values().stream()).toList();
		if (!all.isEmpty()) {
			MigrationDependencies.register(this.registry, all);
		}
		this.registry.registerBeanDefinition("appDbsUnusedMigrations", BeanDefinitions.autowired(UnusedMigrations.class,
				this.flyways, new RuntimeBeanReference(DatabaseBeanRegistry.LIFECYCLE)));
	}

	private void registerShared(String beanName, Class<?> factory, String method, Map<String, String> databases) {
		if (!databases.isEmpty()) {
			RootBeanDefinition definition = BeanDefinitions.of(factory, method,
					(Object) databases.keySet().toArray(String[]::new));
			definition.setLazyInit(true);
			this.registry.registerBeanDefinition(beanName, definition);
		}
	}

	/**
	 * Registers a bean, which may be replaced by one of the application.
	 */
	private void register(DeclaredDatabase database, String suffix, Class<?> type, CandidateRole role, Class<?> factory,
			String shared, Map<String, String> registered) {
		String beanName = this.beans.register(database, suffix, type, role, factory, database.name(),
				new RuntimeBeanReference(shared));
		if (BeanDefinitions.isCreatedBy(factory, beanName, this.registry)) {
			registered.put(database.name(), beanName);
		}
	}

	/**
	 * A library that migrates databases.
	 *
	 * @param databases matches the databases that it migrates
	 * @param usedByBoot whether Boot's own bean of it is the default one
	 */
	public record MigrationTool(Predicate<DeclaredDatabase> databases, boolean usedByBoot) {

		CandidateRole role(DeclaredDatabase database, CandidateRoles roles) {
			return this.usedByBoot ? CandidateRole.QUALIFIED : roles.derived(database);
		}

	}

	/**
	 * Loaded only if there is a database to migrate, and therefore Flyway.
	 */
	private static final class Migrations {

		static void register(MigrationBeanDefinitions definitions, DeclaredDatabase database, MigrationTool flyway) {
			definitions.register(database, "Flyway", Flyway.class, flyway.role(database, definitions.beans.roles()),
					FlywayBeans.class, MIGRATIONS, definitions.flyways);
		}

	}

	/**
	 * Loaded only if there is a database with a changelog, and therefore Liquibase.
	 */
	private static final class Changelogs {

		static void register(MigrationBeanDefinitions definitions, DeclaredDatabase database, MigrationTool liquibase) {
			definitions.register(database, "Liquibase", SpringLiquibase.class,
					liquibase.role(database, definitions.beans.roles()), LiquibaseBeans.class, CHANGELOGS,
					definitions.liquibases);
		}

	}

}
