package io.appdbs.bean.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.bean.DatabaseBeanRegistry;
import io.appdbs.bean.jpa.PersistenceUnits;
import io.appdbs.config.ConfigurationProblems;
import io.appdbs.config.ConfiguredSources;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.settings.DatabaseDefinition;

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

	private final ConfigurationProblems problems;

	private final PersistenceModules modules;

	private final DatabaseRepositories repositories;

	private final Map<String, List<String>> units = new LinkedHashMap<>();

	/**
	 * Creates a new {@link DatabasePersistence}.
	 * @param registry where the beans of the databases have been registered
	 * @param beans registers further beans of the databases
	 * @param environment the environment
	 * @param resourceLoader loads class files
	 * @param packages the packages of all databases
	 * @param problems where problems are reported
	 */
	public DatabasePersistence(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans, Environment environment,
			ResourceLoader resourceLoader, DatabasePackages packages, ConfigurationProblems problems) {
		this.registry = registry;
		this.beans = beans;
		this.environment = environment;
		this.resourceLoader = resourceLoader;
		this.packages = packages;
		this.problems = problems;
		this.repositories = new DatabaseRepositories(registry, environment, resourceLoader);
		this.modules = PersistenceModules.find(resourceLoader.getClassLoader());
	}

	/**
	 * Registers the beans of the databases that have packages.
	 * @param databases the databases that the application uses
	 * @return the databases with a persistence unit
	 */
	public Collection<String> register(List<DeclaredDatabase> databases) {
		databases.forEach(this::register);
		return this.units.keySet();
	}

	private void register(DeclaredDatabase database) {
		List<String> own = this.packages.get(database.name());
		if (own.isEmpty()) {
			return;
		}
		if (database.isRelational() && !this.modules.jpa() && !this.modules.jdbc()) {
			this.problems.add(database.name(), DatabaseDefinition.key(database.name(), "packages"), null,
					"%s is set, but neither JPA nor Spring Data JDBC is on the class path."
						.formatted(this.packages.getPlace(own.get(0))),
					"Add 'org.springframework.boot:spring-boot-starter-data-jpa' or 'org.springframework.boot:spring-boot-starter-data-jdbc' to the dependencies.");
			return;
		}
		PackageContent content = PackageContent.find(database, this.packages, this.resourceLoader, this.repositories,
				this.modules);
		new PackageValidator(database, this.packages, this.modules, isMappedInXml(database), this.resourceLoader,
				this.problems)
			.validate(content);
		register(database, own, content);
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
			this.repositories.registerMongo(database, own, content.repositories(), database.beanName("MongoTemplate"));
			return;
		}
		List<DatabaseRepository> jpa = new ArrayList<>();
		List<DatabaseRepository> jdbc = new ArrayList<>();
		content.repositories().forEach((repository) -> ((this.modules.isJpa(repository)) ? jpa : jdbc).add(repository));
		String manager = database.beanName("TransactionManager");
		if (!content.managedTypes().isEmpty()) {
			PersistenceUnits.register(this.registry, this.beans, database, content.managedTypes(),
					content.findContainedTypes(this.resourceLoader, own), own);
			this.units.put(database.name(), content.managedTypes());
		}
		if (this.modules.jpaRepositories()) {
			this.repositories.registerJpa(database, own, jpa, new DatabaseRepositories.JpaReferences(
					database.beanName("EntityManagerFactory"), manager, database.beanName("JpaMappingContext")));
		}
		if (this.modules.jdbc()) {
			String template = AggregateTemplates.register(this.beans, database);
			this.repositories.registerJdbc(database, own, jdbc, template, manager);
		}
	}

}
