package io.appdbs.bean.data;

import java.util.List;

import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.jpa.PersistenceUnits;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.config.source.ConfigurationProblems;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.ClassMetadata;
import org.springframework.util.ClassUtils;

/**
 * The entities and repositories of the application outside the packages of all databases.
 * They belong to the default database, as without packages, if Boot has one.
 */
public final class UnclaimedClasses {

	private final BeanDefinitionRegistry registry;

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	private final DatabasePackages packages;

	private final List<String> roots;

	private final PersistenceModules modules;

	private final List<DatabaseRepository> repositories;

	/**
	 * Finds the repositories outside the packages of all databases.
	 * @param registry where to register repositories
	 * @param environment the environment
	 * @param resourceLoader loads class files
	 * @param packages the packages of all databases
	 * @param roots the packages of the application
	 */
	public UnclaimedClasses(BeanDefinitionRegistry registry, Environment environment, ResourceLoader resourceLoader,
			DatabasePackages packages, List<String> roots) {
		this.registry = registry;
		this.environment = environment;
		this.resourceLoader = resourceLoader;
		this.packages = packages;
		this.roots = roots;
		this.modules = PersistenceModules.find(resourceLoader.getClassLoader());
		this.repositories = this.modules.repositories() ? findRepositories() : List.of();
	}

	/**
	 * Registers the repositories of the default databases. Boot would register all
	 * repositories of the application.
	 * @param defaults the default databases
	 */
	public void registerRepositories(DefaultDatabases defaults) {
		if (this.modules.jpaRepositories()) {
			RepositoryModule module = RepositoryModules.Jpa.module("entityManagerFactory", "transactionManager",
					PersistenceUnits.DEFAULT_MAPPING_CONTEXT, this.environment);
			if (defaults.jpaRepositories()) {
				PersistenceUnits.registerDefaultMappingContext(this.registry);
			}
			replace(module, "Jpa", defaults.jpaRepositories());
		}
		if (this.modules.jdbc()) {
			replace(RepositoryModules.Jdbc.defaultModule(), "Jdbc", defaults.jdbc());
		}
		if (this.modules.mongo()) {
			replace(RepositoryModules.Mongo.module("mongoTemplate"), "Mongo", defaults.mongo());
		}
		if (this.modules.reactiveMongo()) {
			replace(RepositoryModules.ReactiveMongo.module("reactiveMongoTemplate"), "ReactiveMongo",
					defaults.reactiveMongo());
		}
	}

	/**
	 * Boot's own registration backs off if there is an extension of the module.
	 */
	private void replace(RepositoryModule module, String name, boolean hasDefault) {
		RootBeanDefinition extension = new RootBeanDefinition(module.extensionType());
		extension.setLazyInit(true);
		BeanDefinitions.registerInfrastructure(this.registry, "appDbs%sRepositoryConfigExtension".formatted(name),
				extension);
		if (hasDefault) {
			repositories().registerUnclaimed(module, this.roots, this.repositories);
		}
	}

	private List<DatabaseRepository> findRepositories() {
		return repositories().find(this.roots)
			.stream()
			.filter((repository) -> this.packages.findDatabase(repository.type().getName()) == null)
			.toList();
	}

	private DatabaseRepositories repositories() {
		return new DatabaseRepositories(this.registry, this.environment, this.resourceLoader);
	}

	/**
	 * Rejects entities of JPA and repositories that no database has.
	 * @param defaults the default databases
	 * @param databases the names of the databases
	 * @param problems where problems are reported
	 */
	public void reject(DefaultDatabases defaults, List<String> databases, ConfigurationProblems problems) {
		boolean jpaMissing = isJpaMissing(defaults);
		if (jpaMissing) {
			List<String> entities = new ClassFiles(this.resourceLoader).findAnnotated(this.roots, PackageContent.ENTITY)
				.stream()
				.map(ClassMetadata::getClassName)
				.filter((className) -> this.packages.findDatabase(className) == null)
				.toList();
			reject("entities", entities, databases, problems);
		}
		List<String> missing = this.repositories.stream()
			.filter((repository) -> (repository.isJpa() && jpaMissing) || (repository.isJdbc() && !defaults.jdbc())
					|| (repository.isMongo() && !(repository.reactive() ? defaults.reactiveMongo() : defaults.mongo())))
			.map(DatabaseRepository::toString)
			.toList();
		reject("repositories", missing, databases, problems);
	}

	/**
	 * Returns whether nothing but the databases with packages can have entities of JPA.
	 */
	private boolean isJpaMissing(DefaultDatabases defaults) {
		return !defaults.unit() && this.modules.jpa() && !PersistenceUnits.hasOthers(this.registry);
	}

	private void reject(String what, List<String> classNames, List<String> databases, ConfigurationProblems problems) {
		if (!classNames.isEmpty()) {
			List<String> missing = classNames.stream().map(ClassUtils::getPackageName).distinct().toList();
			problems
				.add(null, null, null,
						"The application has %s in no package of a database: %s.".formatted(what,
								PackageValidator.quote(classNames)),
						"Add %s to the 'packages' of the database that they belong to. Known databases: %s."
							.formatted(PackageValidator.quote(missing), String.join(", ", databases)))
				.in(TroubleshootingSection.PERSISTENCE_SETTING);
		}
	}

	/**
	 * Whether Boot has a default database for a module.
	 *
	 * @param unit whether Boot has a persistence unit
	 * @param jpaRepositories whether the unit has repositories
	 * @param jdbc for Spring Data JDBC
	 * @param mongo for Spring Data MongoDB
	 * @param reactiveMongo for its reactive part
	 */
	public record DefaultDatabases(boolean unit, boolean jpaRepositories, boolean jdbc, boolean mongo,
			boolean reactiveMongo) {

	}

}
