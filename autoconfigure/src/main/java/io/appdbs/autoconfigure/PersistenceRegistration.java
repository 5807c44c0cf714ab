package io.appdbs.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.DatabasePackage;
import io.appdbs.bean.DatabaseBeanDefinitions;
import io.appdbs.bean.data.ClassFiles;
import io.appdbs.bean.data.DatabasePackages;
import io.appdbs.bean.data.DatabasePersistence;
import io.appdbs.bean.data.UnclaimedClasses;
import io.appdbs.bean.data.UnclaimedClasses.DefaultDatabases;
import io.appdbs.bean.jpa.PersistenceUnits;
import io.appdbs.bean.registry.CandidateRoles;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.engine.DatabaseKind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Registers the entities and repositories in the packages of the databases, and those of
 * the default databases, in place of Boot.
 *
 * @param registry where to register them
 * @param beanFactory the bean factory
 * @param environment the environment
 * @param resourceLoader loads class files
 */
record PersistenceRegistration(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory,
		Environment environment, ResourceLoader resourceLoader) {

	private static final String HIBERNATE = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration";

	private static final String JPA = "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";

	private static final String JDBC = "org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration";

	private static final String MONGO = "org.springframework.boot.data.mongodb.autoconfigure.DataMongoRepositoriesAutoConfiguration";

	private static final String REACTIVE_MONGO = "org.springframework.boot.data.mongodb.autoconfigure.DataMongoReactiveRepositoriesAutoConfiguration";

	private static final String TEST_ENTITY_MANAGER = "org.springframework.boot.jpa.test.autoconfigure.TestEntityManagerAutoConfiguration";

	/**
	 * Registers the beans.
	 * @param databases the databases that the application uses
	 * @param names the names of all configured databases
	 * @param routes the routes over databases
	 * @param definitions the beans of the databases, which have been registered
	 * @param unmanaged the databases that are not below {@code app.dbs}
	 */
	void register(List<DeclaredDatabase> databases, List<String> names, List<DeclaredDatabase> routes,
			DatabaseBeanDefinitions definitions, UnmanagedDatabases unmanaged) {
		ConfigurationProblems problems = new ConfigurationProblems();
		List<String> roots = AutoConfigurationPackages.has(this.beanFactory)
				? AutoConfigurationPackages.get(this.beanFactory) : List.of();
		DatabasePackages packages = DatabasePackages.read(this.environment, names,
				routes.stream().map(DeclaredDatabase::name).toList(),
				new ClassFiles(this.resourceLoader).findAnnotated(roots, DatabasePackage.class.getName()), problems);
		problems.throwIfAny();
		DatabasePersistence persistence = new DatabasePersistence(this.registry, definitions.getBeans(),
				this.environment, this.resourceLoader, packages, roots, problems);
		if (isSlice()) {
			persistence.restrict(unmanaged.isAutoConfigured(HIBERNATE), unmanaged.isAutoConfigured(JPA),
					unmanaged.isAutoConfigured(JDBC), unmanaged.isAutoConfigured(MONGO),
					unmanaged.isAutoConfigured(REACTIVE_MONGO));
		}
		Collection<String> units = persistence
			.register(Stream.of(databases, routes).flatMap(Collection::stream).toList());
		List<DeclaredDatabase> withUnit = databases.stream()
			.filter((database) -> units.contains(database.name()))
			.toList();
		withUnit.forEach(definitions::deferDataSource);
		if (unmanaged.isAutoConfigured(TEST_ENTITY_MANAGER)) {
			withUnit.forEach((database) -> PersistenceUnits.registerTestEntityManager(this.registry, database,
					definitions.getBeans().roles().source(database)));
		}
		if (!packages.isEmpty()) {
			DefaultDatabases defaults = findDefaults(definitions.getBeans().roles(), packages, units, unmanaged);
			UnclaimedClasses unclaimed = new UnclaimedClasses(this.registry, this.environment, this.resourceLoader,
					packages, roots);
			// a database or a module that is not used at present may be the default one
			if (databases.size() == names.size() && !isSlice()) {
				unclaimed.reject(defaults, names, problems);
			}
			problems.throwIfAny();
			register(unclaimed, defaults, packages);
		}
		problems.throwIfAny();
	}

	/**
	 * Returns whether a slice of tests has imported some auto-configurations in place of
	 * all.
	 */
	private boolean isSlice() {
		return !this.environment.getProperty(EnableAutoConfiguration.ENABLED_OVERRIDE_PROPERTY, Boolean.class, true);
	}

	private void register(UnclaimedClasses unclaimed, DefaultDatabases defaults, DatabasePackages packages) {
		unclaimed.registerRepositories(defaults);
		if (defaults.unit()) {
			PersistenceUnits.registerFilter(this.registry, packages.claims().keySet());
		}
	}

	private DefaultDatabases findDefaults(CandidateRoles roles, DatabasePackages packages, Collection<String> units,
			UnmanagedDatabases unmanaged) {
		DeclaredDatabase relational = roles.findDefault(DatabaseKind.RELATIONAL);
		DeclaredDatabase mongo = roles.findDefault(DatabaseKind.MONGODB);
		boolean jpa = roles.unmanagedRelational() || (relational != null && !units.contains(relational.name()));
		boolean jdbc = roles.unmanagedRelational() || isWithoutPackages(relational, packages);
		boolean unit = jpa && unmanaged.isAutoConfigured(HIBERNATE);
		boolean documents = roles.unmanagedMongo() || isWithoutPackages(mongo, packages);
		boolean reactive = documents && (mongo == null || mongo.reactive());
		return new DefaultDatabases(unit, unit && unmanaged.isAutoConfigured(JPA),
				jdbc && unmanaged.isAutoConfigured(JDBC), documents && unmanaged.isAutoConfigured(MONGO),
				reactive && unmanaged.isAutoConfigured(REACTIVE_MONGO));
	}

	private static boolean isWithoutPackages(@Nullable DeclaredDatabase database, DatabasePackages packages) {
		return database != null && packages.get(database.name()).isEmpty();
	}

}
