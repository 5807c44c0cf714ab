package io.appdbs.bean.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.aggregate.AggregateTemplates;
import io.appdbs.bean.encryption.EncryptionBeanDefinitions;
import io.appdbs.bean.jpa.PersistenceUnits;
import io.appdbs.bean.mongo.UnclaimedMongoTypes;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.encryption.EncryptedConverters;
import io.appdbs.engine.Dependency;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Registers the persistence unit, the templates and the repositories of each database
 * with packages.
 */
public final class DatabasePersistence {

	private final BeanDefinitionRegistry registry;

	private final DatabaseBeanRegistry beans;

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	private final DatabasePackages packages;

	private final List<String> roots;

	private final ConfigurationProblems problems;

	private final PersistenceModules modules;

	private PersistenceModules loaded;

	private final Map<String, String> units = new LinkedHashMap<>();

	/**
	 * Creates a new {@link DatabasePersistence}.
	 * @param registry where the beans of the databases have been registered
	 * @param beans registers further beans of the databases
	 * @param environment the environment
	 * @param resourceLoader loads class files
	 * @param packages the packages of all databases
	 * @param roots the packages of the application
	 * @param problems where problems are reported
	 */
	public DatabasePersistence(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans, Environment environment,
			ResourceLoader resourceLoader, DatabasePackages packages, List<String> roots,
			ConfigurationProblems problems) {
		this.registry = registry;
		this.beans = beans;
		this.environment = environment;
		this.resourceLoader = resourceLoader;
		this.packages = packages;
		this.roots = roots;
		this.problems = problems;
		this.modules = PersistenceModules.find(resourceLoader.getClassLoader());
		this.loaded = this.modules;
	}

	/**
	 * Registers the beans of some modules only, for a slice of tests.
	 * @param units whether to register persistence units
	 * @param jpa whether to register repositories for them
	 * @param jdbc whether to register templates and repositories of Spring Data JDBC
	 * @param mongo whether to register repositories for MongoDB
	 * @param reactiveMongo whether to register reactive repositories for MongoDB
	 */
	public void restrict(boolean units, boolean jpa, boolean jdbc, boolean mongo, boolean reactiveMongo) {
		this.loaded = new PersistenceModules(this.modules.repositories(), this.modules.jpa() && units,
				this.modules.jpaRepositories() && units && jpa, this.modules.jdbc() && jdbc,
				this.modules.mongo() && mongo, this.modules.reactiveMongo() && reactiveMongo);
	}

	/**
	 * Registers the beans of the databases that have packages.
	 * @param databases the databases that the application uses
	 * @return the databases with a persistence unit
	 */
	public Collection<String> register(List<DeclaredDatabase> databases) {
		databases.forEach(this::register);
		if (this.loaded.jdbc()) {
			AggregateTemplates.registerAuditing(this.registry);
		}
		if (this.modules.mongo()) {
			UnclaimedMongoTypes.register(this.registry, this.packages.claims().keySet().stream());
		}
		if (this.loaded.jpa()) {
			databases.stream().filter(DeclaredDatabase::isRelational).forEach(this::rejectUnusedSettings);
		}
		return this.units.keySet();
	}

	/**
	 * Rejects settings of a persistence unit without such a unit.
	 */
	private void rejectUnusedSettings(DeclaredDatabase database) {
		String unit = this.units.get(database.name());
		String key = database.key("jpa");
		if (!database.beanName("EntityManagerFactory").equals(unit)
				&& ConfiguredSources.of(this.environment).isGroup(ConfigurationPropertyName.of(key))) {
			this.problems.add(database.name(), key, null, (unit != null)
					? "'%s' is set, but the EntityManagerFactory bean '%s' of the application replaces the persistence unit."
						.formatted(key, unit)
					: "'%s' is set, but the database has no persistence unit, because it has no packages with entities."
						.formatted(key),
					(unit != null) ? "Remove '%s', or the bean.".formatted(key)
							: "Set '%s' to the package of its entities, or remove '%s'."
								.formatted(database.key("packages"), key));
		}
	}

	private void register(DeclaredDatabase database) {
		List<String> own = this.packages.get(database.name());
		if (own.isEmpty()) {
			return;
		}
		if (database.isRelational() && !this.modules.jpa() && !this.modules.jdbc()) {
			this.problems.add(database.route() ? null : database.name(), database.key("packages"), null,
					database.prefix() + "%s has packages, but neither JPA nor Spring Data JDBC is on the class path."
						.formatted(this.packages.getPlace(own.get(0))),
					"%s\n\nOr spring-boot-starter-data-jdbc."
						.formatted(Dependency.advice(List.of("org.springframework.boot:spring-boot-starter-data-jpa"))))
				.in(TroubleshootingSection.LIBRARY);
			return;
		}
		PackageContent content = PackageContent.find(database, this.packages, this.resourceLoader,
				this.modules.repositories() ? repositories().find(own) : List.of(), this.modules);
		new PackageValidator(database, this.packages, this.modules, this.roots, isMappedInXml(database),
				this.resourceLoader, this.problems)
			.validate(content);
		register(database, own, content);
	}

	private DatabaseRepositories repositories() {
		return new DatabaseRepositories(this.registry, this.environment, this.resourceLoader);
	}

	/**
	 * Returns whether entities may be mapped in XML, in the resource that the
	 * specification names or in other ones.
	 */
	private boolean isMappedInXml(DeclaredDatabase database) {
		String mapping = "jpa.mapping-resources";
		return this.resourceLoader.getResource("classpath:META-INF/orm.xml").exists() || Stream
			.of(ConfiguredSources.database(database.name()).append(mapping), ConfiguredSources.DEFAULTS.append(mapping),
					ConfigurationPropertyName.of("spring." + mapping))
			.anyMatch(ConfiguredSources.of(this.environment)::isSet);
	}

	private void register(DeclaredDatabase database, List<String> own, PackageContent content) {
		if (!database.isRelational()) {
			if (this.modules.mongo()) {
				UnclaimedMongoTypes.registerClaimed(this.beans, database,
						content.entitiesWith(PackageContent.DOCUMENT));
			}
			registerMongoRepositories(database, own, content.repositories());
			return;
		}
		// a reactive one has been rejected
		Map<Boolean, List<DatabaseRepository>> isJpa = content.repositories()
			.stream()
			.filter((repository) -> !repository.reactive())
			.collect(Collectors.partitioningBy(this.modules::isJpa));
		String manager = database.beanName("TransactionManager");
		if (this.loaded.jpa() && !content.managedTypes().isEmpty()) {
			List<String> managedTypes = new ArrayList<>(content.managedTypes());
			managedTypes.add(EncryptionBeanDefinitions.isAvailable(this.registry, database)
					? EncryptedConverters.ATTRIBUTE_CONVERTER : EncryptedConverters.UNAVAILABLE_ATTRIBUTE_CONVERTER);
			this.units.put(database.name(), PersistenceUnits.register(this.registry, this.beans, database, managedTypes,
					content.getContainedTypes(), own));
		}
		if (this.loaded.jpaRepositories()) {
			RepositoryModule module = RepositoryModules.Jpa.module(database.beanName("EntityManagerFactory"), manager,
					database.beanName("JpaMappingContext"), this.environment);
			repositories().register(module, database, own, isJpa.getOrDefault(true, List.of()));
		}
		if (this.loaded.jdbc()) {
			String template = new AggregateTemplates(this.registry, this.beans, database)
				.register(content.entitiesWith(PackageContent.TABLE));
			repositories().register(RepositoryModules.Jdbc.module(database.name(), template, manager), database, own,
					isJpa.getOrDefault(false, List.of()));
		}
	}

	private void registerMongoRepositories(DeclaredDatabase database, List<String> own,
			List<DatabaseRepository> repositories) {
		Map<Boolean, List<DatabaseRepository>> isReactive = repositories.stream()
			.collect(Collectors.partitioningBy(DatabaseRepository::reactive));
		if (this.loaded.mongo()) {
			repositories().register(RepositoryModules.Mongo.module(database.beanName("MongoTemplate")), database, own,
					isReactive.getOrDefault(false, List.of()));
		}
		if (this.loaded.reactiveMongo() && database.reactive()) {
			repositories().register(RepositoryModules.ReactiveMongo.module(database.beanName("ReactiveMongoTemplate")),
					database, own, isReactive.getOrDefault(true, List.of()));
		}
	}

}
