package io.appdbs.bean.jpa;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanReference;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.hibernate.autoconfigure.HibernateProperties;
import org.springframework.boot.hibernate.autoconfigure.HibernateSettings;
import org.springframework.boot.jpa.autoconfigure.JpaProperties;
import org.springframework.core.env.Environment;
import org.springframework.data.jpa.repository.aot.AotEntityManagerFactoryCreator;
import org.springframework.data.jpa.repository.aot.JpaRepositoryContributor;
import org.springframework.data.jpa.repository.config.JpaRepositoryConfigExtension.JpaRepositoryRegistrationAotProcessor;
import org.springframework.data.repository.config.AotRepositoryContext;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.util.Assert;

/**
 * Generates the code of a repository with the managed types and the properties of its
 * unit. By default it would be those of the only unit, and {@code spring.jpa}.
 */
public class PersistenceUnitAotProcessor extends JpaRepositoryRegistrationAotProcessor {

	/** By the name of the factory's bean. */
	private final Map<String, EntityManagerFactory> factories = new LinkedHashMap<>();

	@Override
	protected @Nullable JpaRepositoryContributor contributeAotRepository(AotRepositoryContext context) {
		String factory = context.getConfigurationSource().getAttribute("entityManagerFactoryRef").orElse("");
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		boolean generated = context.isGeneratedRepositoriesEnabled("jpa")
				&& !context.getEnvironment().getProperty(USE_ENTITY_MANAGER, Boolean.class, false);
		if (!generated || !isUnit(factory, beanFactory)) {
			return super.contributeAotRepository(context);
		}
		return new JpaRepositoryContributor(context,
				this.factories.computeIfAbsent(factory, (each) -> create(each, context)));
	}

	private static boolean isUnit(String factory, ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.containsBeanDefinition(factory) && PersistenceUnitBeans.class.getName()
			.equals(beanFactory.getMergedBeanDefinition(factory).getBeanClassName());
	}

	private static EntityManagerFactory create(String factory, AotRepositoryContext context) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		BeanDefinition definition = beanFactory.getMergedBeanDefinition(factory);
		String database = argument(definition, 0, String.class);
		PersistenceManagedTypes types = beanFactory.getBean(
				argument(definition, PersistenceUnits.MANAGED_TYPES, BeanReference.class).getBeanName(),
				PersistenceManagedTypes.class);
		return AotEntityManagerFactoryCreator.from(types, createProperties(database, context.getEnvironment()))
			.getEntityManagerFactory();
	}

	/**
	 * Creates the properties with which Hibernate reads entities and queries. Other
	 * settings of the database need not resolve when the application is built.
	 */
	private static Map<String, Object> createProperties(String database, Environment environment) {
		Binder binder = Binder.get(environment);
		JpaProperties jpa = binder.bindOrCreate("spring.jpa", JpaProperties.class);
		HibernateProperties hibernate = binder.bindOrCreate("spring.jpa.hibernate", HibernateProperties.class);
		Stream.of(ConfiguredSources.DEFAULTS, ConfiguredSources.database(database))
			.map((prefix) -> prefix.append("jpa"))
			.forEach((prefix) -> {
				binder.bind(prefix, Bindable.ofInstance(jpa));
				binder.bind(prefix, Bindable.ofInstance(hibernate));
			});
		Map<String, Object> properties = new LinkedHashMap<>(hibernate.determineHibernateProperties(jpa.getProperties(),
				new HibernateSettings().ddlAuto(() -> "none")));
		String dialect = (jpa.getDatabasePlatform() != null) ? jpa.getDatabasePlatform()
				: findDialect(database, environment);
		if (dialect != null) {
			properties.putIfAbsent(HibernateDialects.DIALECT, dialect);
		}
		return properties;
	}

	private static @Nullable String findDialect(String database, Environment environment) {
		Engine engine = DeclaredDatabase.findEngine(environment, ConfiguredSources.of(environment), database,
				Engines.load(PersistenceUnitAotProcessor.class.getClassLoader()));
		return (engine instanceof JdbcEngine jdbcEngine) ? jdbcEngine.getHibernateDialect() : null;
	}

	private static <T> T argument(BeanDefinition definition, int index, Class<T> type) {
		ValueHolder argument = definition.getConstructorArgumentValues().getIndexedArgumentValues().get(index);
		Assert.state(argument != null && type.isInstance(argument.getValue()), "The definition has another form");
		return type.cast(argument.getValue());
	}

}
